"""Databricks' own Python client and the secrets of a workspace: python secrets-client.py REPOSITORY_URL COMMIT."""

import base64
import os
import sys

from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import DatabricksError, InvalidParameterValue, NotFound, OperationFailed, ResourceAlreadyExists
from databricks.sdk.service import compute, jobs, workspace

url, commit = sys.argv[1:]
value = os.environ["SECRET_VALUE"]
w = WorkspaceClient(auth_type="pat")


def refused(kind, text, call):
    try:
        call()
    except kind as error:
        assert text in str(error), error
    else:
        raise AssertionError("it was accepted")


w.secrets.create_scope("ml")
refused(ResourceAlreadyExists, "Scope ml already exists", lambda: w.secrets.create_scope("ml"))
refused(InvalidParameterValue, "Scope name must consist of", lambda: w.secrets.create_scope("m l"))
refused(NotFound, "Scope none does not exist", lambda: w.secrets.list_secrets("none"))
refused(NotFound, "Secret does not exist", lambda: w.secrets.get_secret("ml", "hub"))
refused(DatabricksError, "Exactly one of", lambda: w.secrets.put_secret("ml", "hub"))
w.secrets.put_secret("ml", "hub", string_value=value)
w.secrets.put_secret("ml", "raw", bytes_value=base64.b64encode(b"\x00\xff").decode())
assert [scope.name for scope in w.secrets.list_scopes()] == ["ml"]
assert [secret.key for secret in w.secrets.list_secrets("ml")] == ["hub", "raw"]
assert base64.b64decode(w.secrets.get_secret("ml", "hub").value).decode() == value
assert w.dbutils.secrets.get("ml", "hub") == value
assert w.dbutils.secrets.getBytes("ml", "raw") == b"\x00\xff"
w.secrets.put_acl("ml", "users", workspace.AclPermission.READ)
assert {acl.principal: acl.permission.value for acl in w.secrets.list_acls("ml")} == {
    "ana@example.com": "MANAGE",
    "users": "READ",
}
assert w.secrets.get_acl("ml", "users").permission == workspace.AclPermission.READ
w.secrets.delete_acl("ml", "users")
refused(NotFound, "users", lambda: w.secrets.get_acl("ml", "users"))
w.secrets.delete_secret("ml", "raw")


def run(notebook, variables):
    cluster = compute.ClusterSpec(
        spark_version="16.4.x-cpu-ml-scala2.12",
        node_type_id="Standard_D4ds_v5",
        num_workers=0,
        spark_env_vars=variables,
    )
    task = jobs.SubmitTask(
        task_key="main", notebook_task=jobs.NotebookTask(notebook_path=notebook), new_cluster=cluster
    )
    git = jobs.GitSource(git_url=url, git_provider=jobs.GitProvider.GIT_HUB, git_commit=commit)
    return w.jobs.submit(run_name=notebook, git_source=git, tasks=[task])


variables = {"HUB_TOKEN": "{{secrets/ml/hub}}", "MODE": "fast"}
ended = run("shows", variables).result()
output = w.jobs.get_run_output(ended.tasks[0].run_id)
assert output.notebook_output.result == f"{len(value)} fast", output
failing = run("fails", variables)
refused(OperationFailed, "failed", failing.result)
output = w.jobs.get_run_output(w.jobs.get_run(failing.run_id).tasks[0].run_id)
assert output.error == "ValueError: refused [REDACTED]", output
assert value not in str(output.as_dict())
without = run("shows", {"HUB_TOKEN": "{{secrets/ml/hubb}}"})
refused(
    OperationFailed,
    "databricks_error_message:Secret does not exist with scope: ml and key: hubb",
    without.result,
)

w.secrets.delete_scope("ml")
refused(NotFound, "Scope ml does not exist", lambda: w.secrets.delete_scope("ml"))
print("all of it works")
