"""The environment of a Databricks notebook in plain Python, for a local workspace."""
