"""Tables change, and data is written in the middle of it."""
from django.db import migrations, models


def make_counter(apps, _):
    apps.get_model("library", "counter").objects.create(value=0)


class Migration(migrations.Migration):
    dependencies = [("library", "0001_first")]
    operations = [
        migrations.AddField("author", "sold", models.IntegerField(default=0)),
        migrations.AlterField("book", "title", models.CharField(max_length=200, db_index=True)),
        migrations.CreateModel("counter", [
            ("id", models.AutoField(primary_key=True)), ("value", models.IntegerField(default=0))]),
        migrations.RunPython(make_counter, migrations.RunPython.noop),
    ]
