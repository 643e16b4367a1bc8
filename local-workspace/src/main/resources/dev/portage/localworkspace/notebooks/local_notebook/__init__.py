"""What a Databricks notebook finds around it, in plain Python, for a workspace on one machine."""
