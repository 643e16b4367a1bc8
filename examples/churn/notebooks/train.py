# Databricks notebook source
# MAGIC %md
# MAGIC # Churn: which customers are about to leave

# COMMAND ----------

# MAGIC %run ./customers

# COMMAND ----------

import mlflow
import sklearn
from mlflow.models import infer_signature
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

known, held_out = train_test_split(customers(4000, start=1), test_size=0.25, random_state=1)

# COMMAND ----------

mlflow.set_experiment("/Shared/churn")

with mlflow.start_run(run_name="logistic"):
    model = make_pipeline(
        make_column_transformer(
            (StandardScaler(), ["months", "monthly_charge", "support_calls"]),
            (OneHotEncoder(handle_unknown="ignore"), ["contract", "pays_by"]),
        ),
        LogisticRegression(C=1.0, max_iter=1000),
    )
    model.fit(known[FEATURES], known[TARGET])

    predicted = model.predict(held_out[FEATURES])
    likelihood = model.predict_proba(held_out[FEATURES])[:, 1]
    mlflow.log_params({"C": 1.0, "rows": len(known) + len(held_out)})
    mlflow.log_metrics(
        {
            "accuracy": accuracy_score(held_out[TARGET], predicted),
            "roc_auc": roc_auc_score(held_out[TARGET], likelihood),
        }
    )
    mlflow.sklearn.log_model(
        model,
        name="model",
        signature=infer_signature(known[FEATURES], predicted),
        input_example=known[FEATURES].head(5),
        pip_requirements=[f"scikit-learn=={sklearn.__version__}"],
    )
