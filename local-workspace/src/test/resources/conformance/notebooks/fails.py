# Databricks notebook source
raise ValueError("no rows in diabetes")
