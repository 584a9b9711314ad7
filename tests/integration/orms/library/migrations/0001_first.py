"""Authors and their books."""
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel("author", [
            ("id", models.AutoField(primary_key=True)), ("name", models.CharField(max_length=50, unique=True))]),
        migrations.CreateModel("book", [
            ("id", models.AutoField(primary_key=True)), ("title", models.CharField(max_length=40)),
            ("author", models.ForeignKey("library.author", models.CASCADE, related_name="books"))]),
    ]
