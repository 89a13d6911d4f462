"""The OpenAPI document as it is given out: tidied, linked, and with what every reading can do."""

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from app.web.api_chosen import FIELDS, PART
from app.web.api_variants import Variant, say_variants
from app.web.lists import LINES
from app.web.problem_details import VERSION_PATH
from app.web.uploads import FORM_WITH_FILE

# Where a new thing is found, if not under the last part of the address at which it was made.
_FOUND_UNDER: Final = {
    f"{VERSION_PATH}/needs/{{public_id}}/matches": f"{VERSION_PATH}/match-runs",
    f"{VERSION_PATH}/sessions/{{public_id}}/feedback": f"{VERSION_PATH}/sessions",
    f"{VERSION_PATH}/incubators/{{public_id}}/invitations": f"{VERSION_PATH}/pool-entries",
    f"{VERSION_PATH}/incubators/{{public_id}}/operators": f"{VERSION_PATH}/invitations",
    f"{VERSION_PATH}/incubators/{{public_id}}/mentors": f"{VERSION_PATH}/pool-entries",
    f"{VERSION_PATH}/engagements/{{public_id}}/sessions": f"{VERSION_PATH}/sessions",
    f"{VERSION_PATH}/engagements/{{public_id}}/book": f"{VERSION_PATH}/sessions",
    f"{VERSION_PATH}/engagements/{{public_id}}/offer/pick": f"{VERSION_PATH}/sessions",
    f"{VERSION_PATH}/engagements/{{public_id}}/second-mentor": f"{VERSION_PATH}/dual-mentorings",
    f"{VERSION_PATH}/times/{{public_id}}/feedback": f"{VERSION_PATH}/times",
    f"{VERSION_PATH}/providers/{{public_id}}/availability/exceptions": (
        f"{VERSION_PATH}/availability-exceptions"
    ),
    f"{VERSION_PATH}/incubators/{{public_id}}/applications": f"{VERSION_PATH}/pool-entries",
    f"{VERSION_PATH}/incubators/{{public_id}}/commissioner-applications": (
        f"{VERSION_PATH}/commissioners"
    ),
    f"{VERSION_PATH}/commissioners/{{public_id}}/assign": f"{VERSION_PATH}/care",
    f"{VERSION_PATH}/commissioners/{{public_id}}/ask": f"{VERSION_PATH}/care",
    f"{VERSION_PATH}/cases/{{public_id}}/notes": f"{VERSION_PATH}/cases",
}


_PROBLEM: Final = "application/problem+json"
# Where answers stand that many operations give.
REFUSALS: Final = "#/components/responses/"
# Where parameters stand that as many operations take, or more.
PARAMETERS: Final = "#/components/parameters/"
_OFTEN: Final = 4


def tidy(
    document: dict[str, Any],
    described: Mapping[str, str],
    variants: Mapping[str, tuple[Variant, ...]],
) -> dict[str, Any]:
    """Without what the library adds and nothing refers to; objects say what they are.

    Both mappings are by the name of an object.
    """
    components = document.get("components", {})
    for part in ("responses", "headers"):
        components.pop(part, None)
    schemas = components.get("schemas", {})
    for name in ("Error", "PaginationMetadata"):
        schemas.pop(name, None)
    for name, description in described.items():
        if name in schemas:
            schemas[name]["description"] = " ".join(description.split())
    _link(document)
    _offer_parts(document)
    _offer_forms(document)
    # Last: what is made of an object is made of all its fields.
    say_variants(schemas, variants)
    for tagged in (*document["tags"], *_list_operations(document)):
        key = "name" if "name" in tagged else "tags"
        tagged[key] = _shorten(tagged[key]) if key == "name" else [_shorten(t) for t in tagged[key]]
    document["paths"] = dict(sorted(document["paths"].items()))
    components["schemas"] = dict(sorted(schemas.items()))
    components["responses"] = _share_refusals(document)
    components["parameters"] = _share_parameters(document)
    return document


def _share_refusals(document: dict[str, Any]) -> dict[str, Any]:
    """What is answered with a problem, said once for each status rather than at each operation."""
    shared: dict[str, Any] = {}
    for said in _list_operations(document):
        answers = said["responses"]
        for status, answer in answers.items():
            if _PROBLEM not in answer.get("content", ()):
                continue
            name = f"Refusal{status}"
            if shared.setdefault(name, answer) == answer:
                answers[status] = {"$ref": f"{REFUSALS}{name}"}
    return dict(sorted(shared.items()))


def _share_parameters(document: dict[str, Any]) -> dict[str, Any]:
    """What many operations take is said once: keys, versions, and which part of a list."""
    taken = [
        holder["parameters"]
        for methods in document["paths"].values()
        for holder in (methods, *methods.values())
        if isinstance(holder, dict) and "parameters" in holder
    ]
    said: dict[str, list[Mapping[str, Any]]] = {}
    for each in (each for parameters in taken for each in parameters):
        said.setdefault(_name_parameter(each), []).append(each)
    # The first of a name is the one that has it: a list with a limit of its own keeps it.
    shared = {
        name: alike[0]
        for name, alike in said.items()
        if sum(each == alike[0] for each in alike) >= _OFTEN
    }
    for parameters in taken:
        parameters[:] = [
            {"$ref": f"{PARAMETERS}{name}"}
            if shared.get(name := _name_parameter(each)) == each
            else each
            for each in parameters
        ]
    return dict(sorted(shared.items()))


def _name_parameter(said: Mapping[str, Any]) -> str:
    """What a parameter is called among those that are shared, such as `IdempotencyKeyNeeded`."""
    words = said["name"].replace("-", "_").split("_")
    name = "".join(word[:1].upper() + word[1:] for word in words)
    return f"{name}Needed" if said["required"] and said["in"] != "path" else name


def _offer_parts(document: dict[str, Any]) -> None:
    """A reading that can choose fields may give less than the whole; a list may come in lines."""
    schemas = document["components"]["schemas"]
    for methods in document["paths"].values():
        reading = methods.get("get")
        if reading is None or not any(each["name"] == FIELDS for each in _list_parameters(reading)):
            continue
        content = reading["responses"]["200"]["content"]
        whole = content["application/json"]["schema"]
        name = whole["$ref"].rpartition("/")[2]
        properties = schemas[name]["properties"]
        part = f"{name}{PART}"
        if set(properties) == {"items", "next"}:
            item = properties["items"]["items"]["$ref"].rpartition("/")[2]
            schemas.setdefault(f"{item}{PART}", _make_part(schemas[item]))
            schemas[part] = deepcopy(schemas[name])
            schemas[part]["properties"]["items"]["items"] = _refer(f"{item}{PART}")
            content[LINES] = {"schema": {"type": "string"}}
        else:
            schemas.setdefault(part, _make_part(schemas[name]))
        content["application/json"]["schema"] = {"anyOf": [whole, _refer(part)]}


def _offer_forms(document: dict[str, Any]) -> None:
    """Where a file is taken, the form for it has the fields of the JSON, and the file as it is."""
    schemas = document["components"]["schemas"]
    for said in _list_operations(document):
        content = said.get("requestBody", {}).get("content", {})
        if FORM_WITH_FILE not in content:
            continue
        name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
        form = deepcopy(schemas[name])
        for field in form["properties"].values():
            if field.get("format") == "byte":
                for limit in ("minLength", "maxLength"):
                    field.pop(limit)
                field["format"] = "binary"
        # A file brings its own.
        form["required"] = [each for each in form["required"] if each != "filename"]
        schemas[f"{name}Form"] = form
        content[FORM_WITH_FILE]["schema"] = _refer(f"{name}Form")


def _list_parameters(operation: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [each for each in operation.get("parameters", ()) if "name" in each]


def _make_part(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Some of the fields of `schema`: none is needed, and there are no others."""
    part = {name: deepcopy(said) for name, said in schema.items() if name != "required"}
    return part | {"description": "Chosen fields. 所选字段。", "additionalProperties": False}


def _refer(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _link(document: dict[str, Any]) -> None:
    """What is made can be used at once: each answer with a new thing links to what is done with it,
    and a list to what is done with its first item.

    A thing is made by POST at the address below which it is found afterwards.
    """
    paths = document["paths"]
    for path, methods in paths.items():
        collection = f"{VERSION_PATH}/{path.rpartition('/')[2]}"
        if made := methods.get("post", {}).get("responses", {}).get("201"):
            found_under = _FOUND_UNDER.get(path, collection)
            made["links"] = _list_links(paths, found_under, "/id") or _list_inner_links(paths, path)
        listed = methods.get("get", {}).get("responses", {}).get("200")
        if listed and path == collection and (links := _list_links(paths, path, "/items/0/id")):
            listed["links"] = links

    # What matches are for: to ask the best one.
    found = paths[f"{VERSION_PATH}/needs/{{public_id}}/matches"]["post"]["responses"]["201"]
    found["links"]["request_engagement"] = {
        "operationId": "request_engagement",
        "requestBody": {
            "need": "$response.body#/need",
            "provider": "$response.body#/kinds/0/matches/0/provider",
        },
    }


def _list_links(paths: Mapping[str, Any], found_under: str, pointer: str) -> dict[str, Any]:
    """Links to all that is done with a thing, whose id is at `pointer` of the answer."""
    return {
        said["operationId"]: {
            "operationId": said["operationId"],
            "parameters": {"public_id": f"$response.body#{pointer}"},
        }
        for path, operations in paths.items()
        if path.startswith(f"{found_under}/{{public_id}}")
        for said in operations.values()
        if isinstance(said, dict) and "operationId" in said
    }


def _list_inner_links(paths: Mapping[str, Any], made_at: str) -> dict[str, Any]:
    """Links to what is done with a thing that is found below the address at which it was made."""
    inner = re.compile(re.escape(made_at) + r"/\{(\w+)\}(?:/|$)")
    return {
        said["operationId"]: {
            "operationId": said["operationId"],
            "parameters": {
                "public_id": "$request.path.public_id",
                found[1]: "$response.body#/id",
            },
        }
        for path, operations in paths.items()
        if (found := inner.match(path)) is not None
        for said in operations.values()
        if isinstance(said, dict) and "operationId" in said
    }


def _list_operations(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        said
        for methods in document["paths"].values()
        for said in methods.values()
        if isinstance(said, dict) and "operationId" in said
    ]


def _shorten(name: str) -> str:
    """The room alone: pages have the plain name already."""
    return name.partition("_api")[0]
