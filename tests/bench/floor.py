"""The floor of a list: DRF's cursor pages over the same rows and columns, without sign-in, scope, filters or links."""

from rest_framework import generics, serializers
from rest_framework.pagination import CursorPagination

from libraries.catalogue.models import Copy


class FloorSerializer(serializers.ModelSerializer[Copy]):
    class Meta:
        model = Copy
        fields = [
            "id", "barcode", "title_id", "owner_id", "holder_id", "place", "condition", "call_number", "location",
            "price", "updated_at",
        ]  # fmt: skip


class FloorPages(CursorPagination):
    page_size = 50
    ordering = "-id"


class FloorView(generics.ListAPIView[Copy]):
    authentication_classes = ()
    permission_classes = ()
    filter_backends = ()
    throttle_classes = ()
    pagination_class = FloorPages
    serializer_class = FloorSerializer
    queryset = Copy.objects.select_related("title", "owner", "holder")
