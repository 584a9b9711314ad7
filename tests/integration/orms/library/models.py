"""What django_models.py keeps."""
from django.db import models


class author(models.Model):
    name = models.CharField(max_length=50, unique=True)
    sold = models.IntegerField(default=0)


class book(models.Model):
    title = models.CharField(max_length=200, db_index=True)
    author = models.ForeignKey(author, models.CASCADE, related_name="books")


class counter(models.Model):
    value = models.IntegerField(default=0)
