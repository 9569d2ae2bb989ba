"""Every step in the life of a thing is one POST, and all are made from one small table per noun.

``acts = {"submit": Act(submit_agreement), …}`` gives ``POST …/{id}/submit/`` with its input, its description and its example.
The test of the lives walks these tables: a step without its act does not pass.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from kerjasama.api.examples import example_of
from kerjasama.api.rows import Said
from kerjasama.domain.lifecycle import Life


@dataclass(frozen=True)
class Act:
    """One verb. ``service`` is called with the row (named ``subject`` of the viewset), ``actor`` and the input.

    ``run(view, row, data)`` stands in where the service wants something else; its result, or the service's, is answered
    as ``answers`` when given, else the row itself is read again. ``makes``: the service makes another row of the same
    noun out of this one, and that is answered, as created.
    """

    service: Callable[..., Any]
    takes: type[BaseSerializer[Any]] | None = None
    says: str = ""
    example: Mapping[str, Any] = field(default_factory=dict)
    answers: type[BaseSerializer[Any]] | None = None
    run: Callable[[Any, Any, dict[str, Any]], Any] | None = None
    status: int = 200
    parsers: tuple[type[BaseParser], ...] | None = None
    makes: bool = False


class ActsMixin:
    """Gives a viewset one extra route per entry of ``acts``."""

    acts: Mapping[str, Act] = {}
    lives: tuple[Life, ...] = ()
    # Steps of the life that no program asks for: what other acts bring about.
    consequences: frozenset[str] = frozenset()
    subject = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for verb, act in cls.__dict__.get("acts", {}).items():
            setattr(cls, f"do_{verb}", _route(cls, verb, act))

    def carry_out(self, request: Request, act: Act) -> Response:
        row = self.acting_object()
        data: dict[str, Any] = {}
        if act.takes is not None:
            context = {**self.get_serializer_context(), "row": row}
            taken = act.takes(data=request.data, context=context)
            taken.is_valid(raise_exception=True)
            data = dict(taken.validated_data)

        def work() -> Any:
            if act.run is not None:
                return act.run(self, row, data)
            return act.service(**{self.subject: row}, actor=self.actor, **data)

        if act.answers is not None:
            # The service's own transaction is all there is: nothing is read that could have to be undone.
            context = self.get_serializer_context()
            return Response(act.answers(work(), context=context).data, act.status)
        with self.whole():
            made = work()
            if act.makes:
                return self.answer(made, 201)
            return self.answer(row, act.status)


def _route(cls: type, verb: str, act: Act) -> Any:
    def perform(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.carry_out(request, self.acts[verb])

    perform.__name__ = f"do_{verb}"
    perform.__qualname__ = f"{cls.__qualname__}.do_{verb}"
    perform.__doc__ = act.says or act.service.__doc__
    answers: Any = act.answers or getattr(cls, "detail_class", None) or cls.serializer_class
    examples = [OpenApiExample("Request", value=dict(act.example), request_only=True)] if act.example else []
    if issubclass(answers, Said):
        examples.append(OpenApiExample("Answer", value=example_of(answers), response_only=True))
    described = extend_schema(
        request=act.takes,
        responses={201 if act.makes else act.status: answers},
        description=act.says,
        examples=examples,
        operation_id=f"{cls.scope_noun}_{verb}".replace("-", "_"),
    )
    options: dict[str, Any] = {"parser_classes": list(act.parsers)} if act.parsers else {}
    return described(action(detail=True, methods=["post"], url_path=verb, url_name=verb, **options)(perform))
