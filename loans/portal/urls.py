"""Books at a partner, from the box to the replacement. Included under the namespace ``portal``."""

from django.urls import include, path

from loans.portal.views import consignments, counting, holdings, home, losses, pleas, receiving, wishes

RECEIPT = [
    path("", receiving.confirm, name="confirm"),
    path("berbeda/", receiving.differences, name="confirm_differences"),
    path("tidak-ada/", receiving.missing, name="confirm_missing"),
    path("pindai/", receiving.scanned, name="confirm_scan"),
    path("rusak/", receiving.damaged, name="confirm_damaged"),
    path("rusak/<uuid:line_pk>/", receiving.damage, name="confirm_damage"),
    path("di-luar-daftar/", receiving.extra, name="confirm_extra"),
    path("di-luar-daftar/<int:number>/", receiving.extra, name="confirm_extra_again"),
    path("hapus/", receiving.drop, name="confirm_drop"),
    path("periksa/", receiving.check, name="confirm_check"),
    path("selesai/", receiving.done, name="confirm_done"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("kiriman/<uuid:pk>/", consignments.consignment, name="consignment"),
    path("kiriman/<uuid:pk>/terima/", include(RECEIPT)),
    path("buku/", holdings.holdings, name="holdings"),
    path("buku/<uuid:pk>/", holdings.book, name="book"),
    path("buku/<uuid:pk>/hilang/", losses.report_loss, name="report_loss"),
    path("buku/<uuid:pk>/hilang/periksa/", losses.report_loss_check, name="report_loss_check"),
    path("hitung/", counting.countings, name="countings"),
    path("hitung/<uuid:pk>/", counting.counting, name="counting"),
    path("hitung/<uuid:pk>/hilang/", counting.counting_missing, name="counting_missing"),
    path("hitung/<uuid:pk>/langkah/<slug:action>/", counting.counting_step, name="counting_step"),
    path("hitung/pindaian/<uuid:pk>/tarik/", counting.counting_undo, name="counting_undo"),
    path("keinginan/", wishes.wishes, name="wishes"),
    path("keinginan/baru/", wishes.wish_new, name="wish_new"),
    path("keinginan/<uuid:pk>/tarik/", wishes.wish_withdraw, name="wish_withdraw"),
    path("tanggungan/", losses.balance, name="balance"),
    path("kasus/", losses.cases, name="cases"),
    path("kasus/<uuid:pk>/", losses.case, name="case"),
    path("kasus/<uuid:pk>/usul/", pleas.offer, name="offer"),
    path("kasus/<uuid:pk>/usul/keadaan/", pleas.offer_condition, name="offer_condition"),
    path("kasus/<uuid:pk>/usul/periksa/", pleas.offer_check, name="offer_check"),
    path("kasus/<uuid:pk>/keberatan/", pleas.appeal, name="appeal"),
    path("kasus/<uuid:pk>/keberatan/periksa/", pleas.appeal_check, name="appeal_check"),
    path("kasus/<uuid:pk>/tarik/", pleas.retract, name="case_retract"),
]
