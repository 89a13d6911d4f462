"""HTTP in, page or redirect out: the catalogue for founders, and for those who keep it."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.access import is_permitted
from app.clock import now, today
from app.errors import expect
from app.extensions import db
from app.pools.queries import find_incubator
from app.products.actions import keeping
from app.products.addresses import address_of_catalogue, address_of_product
from app.products.catalogue import find_listed, list_listed
from app.products.forms import ProductForm
from app.products.queries.products import find_product, list_fitting, list_newest, list_versions
from app.products.values import ProductValues, read_product
from app.products.words import PARTS
from app.vouchers.queries.orders import list_founded, list_operated
from app.vouchers.words import word_gap, word_yuan
from app.web.digits import read_number
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import take_form, take_step
from app.words.formats import show_share
from models.organisations import Incubator
from models.products import FinanceProduct

blueprint = Blueprint("products", __name__)


@blueprint.get("/products")
@requires("product:list")
def show_products() -> ResponseReturnValue:
    """Of each startup: what its incubator's catalogue has, and whether it fits."""
    viewer, at = get_current_actor(), now()
    founded = list_founded(db.session, viewer)
    return render_template(
        "products/products.html",
        found=[(startup, list_fitting(db.session, startup, at)) for startup in founded],
        catalogues=list_operated(db.session, viewer),
        word_gap=word_gap,
        word_share=show_share,
        word_yuan=word_yuan,
    )


@blueprint.get("/products/<public_id>")
@requires("product:view", subject=find_product)
def show_product(product: FinanceProduct) -> ResponseReturnValue:
    """One version with its source, and the others."""
    viewer = get_current_actor()
    return render_template(
        "products/product.html",
        product=product,
        versions=list_versions(db.session, viewer, product),
        can_edit=is_permitted(viewer, "product:edit", product),
        missing=[PARTS[name] for name in read_product(product).list_missing()],
        word_share=show_share,
        word_yuan=word_yuan,
    )


@blueprint.get("/incubators/<public_id>/products")
@requires("product:keep", subject=find_incubator)
def show_catalogue(incubator: Incubator) -> ResponseReturnValue:
    """The products of an incubator: drafts, what stands, what ran out."""
    return render_template(
        "products/catalogue.html", incubator=incubator, products=list_newest(db.session, incubator)
    )


@blueprint.get("/incubators/<public_id>/products/listed")
@requires("product:keep", subject=find_incubator)
def list_products(incubator: Incubator) -> ResponseReturnValue:
    """The products that come with the house, to take one up."""
    return render_template(
        "products/listed.html",
        incubator=incubator,
        listed=list_listed(),
        word_share=show_share,
        word_yuan=word_yuan,
    )


@blueprint.route("/incubators/<public_id>/products/new", methods=["GET", "POST"])
@requires("product:draft", subject=find_incubator)
def draft_product(incubator: Incubator) -> ResponseReturnValue:
    """A draft: of one's own, or begun from one in the list."""
    code = request.args.get("listed", "")
    listed = expect(find_listed(code)) if code else None
    form = ProductForm()
    if request.method == "GET":
        form.fill_from(ProductValues(title="") if listed is None else listed.values, None)
    return take_form(
        form,
        lambda: _show_form(form, address_of_catalogue(incubator), None),
        address_of_product,
        _("Saved as a draft. Founders see it once it is published."),
        keeping.draft_product,
        check=lambda: form.check(today(now())),
        incubator=incubator,
        values=form.get_values,
        code=code,
    )


@blueprint.route("/products/<public_id>/edit", methods=["GET", "POST"])
@requires("product:edit", subject=find_product)
def edit_product(product: FinanceProduct) -> ResponseReturnValue:
    """Change a draft."""
    form = ProductForm()
    path = address_of_product(product)
    if request.method == "GET":
        form.fill_from(read_product(product), product.version)
    return take_form(
        form,
        lambda: _show_form(form, path, product),
        path,
        _("Saved."),
        keeping.edit_product,
        check=lambda: form.check(today(now())),
        renew=lambda: form.version.renew(product.version),
        product=product,
        values=form.get_values,
        version=lambda: form.version.data or 0,
    )


@blueprint.post("/products/<public_id>/renew")
@requires("product:edit", subject=find_product)
def renew_product(product: FinanceProduct) -> ResponseReturnValue:
    """The next version begins as this one."""

    def begin(session: Session, **who: Any) -> object:
        values = read_product(product)
        return keeping.draft_product(
            session, incubator=product.incubator, values=values, code=product.code, **who
        )

    said = _("Begun. Change what is new, look it up in the source, then publish.")
    return take_step(address_of_product, said, begin)


@blueprint.post("/products/<public_id>/publish")
@requires("product:publish", subject=find_product)
def publish_product(product: FinanceProduct) -> ResponseReturnValue:
    """Founders are shown this version from now on."""
    return take_step(
        address_of_product(product),
        _("Published. Founders see whether it fits them."),
        keeping.publish_product,
        product=product,
        version=read_number(request.form.get("version", "")) or 0,
    )


@blueprint.post("/products/<public_id>/withdraw")
@requires("product:publish", subject=find_product)
def withdraw_product(product: FinanceProduct) -> ResponseReturnValue:
    """Founders are shown it no more."""
    return take_step(
        address_of_product(product),
        _("Taken out. Founders see it no more."),
        keeping.withdraw_product,
        product=product,
    )


@blueprint.post("/products/<public_id>/discard")
@requires("product:edit", subject=find_product)
def discard_product(product: FinanceProduct) -> ResponseReturnValue:
    """The draft is gone."""
    return take_step(
        address_of_catalogue(product.incubator),
        _("The draft is gone."),
        keeping.discard_product,
        product=product,
    )


def _show_form(form: ProductForm, path: str, product: FinanceProduct | None) -> str:
    return render_template("products/edit_product.html", form=form, path=path, product=product)
