"""Django's database layer over mysqlclient, with its own migrations; README.md says what is asked of it."""
import concurrent.futures
import json
import os

import django
from django.conf import settings

settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "library"],
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    DATABASES={"default": {
        "ENGINE": "django.db.backends.mysql", "HOST": os.environ["WEIR_HOST"], "PORT": os.environ["WEIR_PORT"],
        "USER": os.environ["WEIR_USER"], "PASSWORD": os.environ["WEIR_PASSWORD"], "NAME": os.environ["WEIR_SCHEMA"],
        "OPTIONS": {"charset": "utf8mb4"}}})
django.setup()

# Django wants its settings before these.
# pylint: disable=wrong-import-position
from django.core.management import call_command    # noqa: E402
from django.db import connection, connections, models, transaction    # noqa: E402
from django.db.utils import IntegrityError    # noqa: E402
from library.models import author, book, counter    # noqa: E402

AUTHORS = [("Ada", ["Notes", "Tables"]), ("Kurt", ["Über formal unentscheidbare Sätze 🌊"])]


def tables():
    with connection.cursor() as cursor:
        return {table: [column.name for column in connection.introspection.get_table_description(cursor, table)]
                for table in connection.introspection.table_names(cursor) if table.startswith("library_")}


def count_up(number):
    """In a thread, and so on a connection, of its own."""
    try:
        with transaction.atomic():
            row = counter.objects.select_for_update().get(pk=number)
            row.value += 1
            row.save()
    finally:
        connections.close_all()


def give_up(name):
    try:
        with transaction.atomic():
            author.objects.create(name=name)
            raise KeyError
    except KeyError:
        pass


def main():
    call_command("migrate", verbosity=0)
    seen = {"migrated": tables()}
    give_up("Nobody")
    seen["rolled_back"] = author.objects.count()
    with transaction.atomic():
        for name, books in AUTHORS:
            made = author.objects.create(name=name)
            book.objects.bulk_create([book(title=title, author=made) for title in books])
            author.objects.filter(pk=made.pk).update(sold=models.F("sold") + len(books))
    seen["committed"] = [[one.name, one.sold, [item.title for item in one.books.all()]]
                         for one in author.objects.order_by("id").prefetch_related("books")]
    seen["joined"] = list(book.objects.select_related("author").order_by("id").values_list("title", "author__name"))
    with transaction.atomic():
        author.objects.create(name="Outer")
        give_up("Inner")
    seen["nested"] = list(author.objects.filter(name__in=["Outer", "Inner"]).values_list("name", flat=True))
    number = counter.objects.get().pk
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        list(pool.map(count_up, [number] * 20))
    seen["concurrent"] = counter.objects.get(pk=number).value
    try:
        author.objects.create(name="Ada")
    except IntegrityError as error:
        seen["duplicate"] = error.args[0]
    call_command("migrate", "library", "zero", verbosity=0)
    seen["reverted"] = tables()
    return seen


print(json.dumps(main()))
