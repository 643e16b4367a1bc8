"""Databricks' own Python client, and MLflow's, against a workspace's serving endpoints: python serving-client.py."""

import datetime

from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import DatabricksError, InvalidParameterValue, NotFound, ResourceConflict
from databricks.sdk.service import serving
from mlflow.deployments import get_deploy_client

LIMIT = datetime.timedelta(minutes=2)

w = WorkspaceClient(auth_type="pat")


def entity(version, **more):
    return serving.ServedEntityInput(
        entity_name="tripler", entity_version=str(version), workload_size="Small", scale_to_zero_enabled=False, **more
    )


def routes(**shares):
    return serving.TrafficConfig(
        routes=[serving.Route(served_entity_name=name.replace("_", "-"), traffic_percentage=share) for name, share in shares.items()]
    )


def refused(kind, call, text):
    try:
        call()
    except kind as refusal:
        assert text in str(refusal), refusal
    else:
        raise AssertionError(f"accepted what should be refused with: {text}")


# Create, and what is refused before anything is made.
refused(NotFound, lambda: w.serving_endpoints.get("tripled"), "Endpoint with name 'tripled' does not exist.")
refused(
    NotFound,
    lambda: w.serving_endpoints.create("tripled", config=serving.EndpointCoreConfigInput(name="tripled", served_entities=[entity(99)])),
    "does not exist",
)
refused(
    InvalidParameterValue,
    lambda: w.serving_endpoints.create(
        "tripled",
        config=serving.EndpointCoreConfigInput(name="tripled", served_entities=[entity(1)], traffic_config=routes(tripler_1=90)),
    ),
    "sum to 100",
)
made = w.serving_endpoints.create_and_wait(
    name="tripled",
    config=serving.EndpointCoreConfigInput(name="tripled", served_entities=[entity(1)]),
    tags=[serving.EndpointTag(key="team", value="risk")],
    timeout=LIMIT,
)
assert made.state.ready == serving.EndpointStateReady.READY, made
assert made.pending_config is None and made.config.config_version == 1, made
only = made.config.served_entities[0]
assert (only.name, only.state.deployment) == ("tripler-1", serving.ServedModelStateDeployment.DEPLOYMENT_READY), only
assert made.config.traffic_config.routes[0].traffic_percentage == 100
assert made.creator == "ana@example.com" and made.tags[0].value == "risk"
refused(ResourceConflict, lambda: w.serving_endpoints.create("tripled"), "already exists")
assert [e.name for e in w.serving_endpoints.list()] == ["tripled"]

# Every form of input.
split = serving.DataframeSplitInput(columns=["x"], data=[[1.0], [2.0]])
asked = w.serving_endpoints.query("tripled", dataframe_split=split, client_request_id="one")
assert asked.predictions == [3.0, 6.0], asked
assert asked.served_model_name == "tripler-1", asked
assert w.serving_endpoints.query("tripled", dataframe_records=[{"x": 5.0}]).predictions == [15.0]
assert w.serving_endpoints.query("tripled", inputs={"x": [5.0]}).predictions == [15.0]
assert w.serving_endpoints.query("tripled", instances=[{"x": 5.0}]).predictions == [15.0]
try:
    w.serving_endpoints.query("tripled", dataframe_records=[{"y": 5.0}])
    raise AssertionError("input without the model's column was answered")
except DatabricksError as refusal:
    assert "is missing inputs ['x']" in str(refusal), refusal

# A second version beside the first one: at 0 %, then a tenth.
changed = w.serving_endpoints.update_config_and_wait(
    "tripled", served_entities=[entity(1), entity(2)], traffic_config=routes(tripler_1=100, tripler_2=0), timeout=LIMIT
)
assert [e.state.deployment.value for e in changed.config.served_entities] == ["DEPLOYMENT_READY"] * 2, changed
assert changed.config.config_version == 2
direct = w.api_client.do("POST", "/serving-endpoints/tripled/served-models/tripler-2/invocations", body={"inputs": {"x": [1.0]}})
assert direct == {"predictions": [4.0]}, direct
assert all(w.serving_endpoints.query("tripled", inputs={"x": [1.0]}).predictions == [3.0] for _ in range(10))
w.serving_endpoints.update_config_and_wait("tripled", traffic_config=routes(tripler_1=90, tripler_2=10), timeout=LIMIT)
answers = [w.serving_endpoints.query("tripled", inputs={"x": [1.0]}).predictions[0] for _ in range(100)]
assert (answers.count(3.0), answers.count(4.0)) == (90, 10), answers

# One update at a time.
pending = w.serving_endpoints.update_config(
    "tripled", served_entities=[entity(2, environment_vars={"MODE": "slow"})], traffic_config=routes(tripler_2=100)
).response
assert pending.state.config_update == serving.EndpointStateConfigUpdate.IN_PROGRESS, pending
assert pending.pending_config.served_entities[0].state.deployment.value == "DEPLOYMENT_CREATING", pending
assert {e.entity_version for e in pending.config.served_entities} == {"1", "2"}, pending
refused(ResourceConflict, lambda: w.serving_endpoints.update_config("tripled", served_entities=[entity(1)]), "currently updating")
w.serving_endpoints.wait_get_serving_endpoint_not_updating("tripled", timeout=LIMIT)
assert w.serving_endpoints.query("tripled", inputs={"x": [1.0]}).predictions == [4.0]

# Logs, metrics, tags, permissions.
assert "The 2 requirements of the model are met" in w.serving_endpoints.build_logs("tripled", "tripler-2").logs
assert "Listening" in w.serving_endpoints.logs("tripled", "tripler-2").logs
text = w.serving_endpoints.export_metrics("tripled").contents.read().decode()
assert 'request_count_total{endpoint_name="tripled",served_model_name="tripler-2"} 1 ' in text, text
assert [t.value for t in w.serving_endpoints.patch("tripled", add_tags=[serving.EndpointTag("team", "fraud")]).tags] == ["fraud"]
w.serving_endpoints.update_permissions(
    made.id,
    access_control_list=[
        serving.ServingEndpointAccessControlRequest(
            user_name="vera@example.com", permission_level=serving.ServingEndpointPermissionLevel.CAN_VIEW
        )
    ],
)
given = w.serving_endpoints.get_permissions(made.id).access_control_list
assert {entry.user_name for entry in given} == {"ana@example.com", "vera@example.com"}, given

# What can't be built, and what can't be loaded: the old configuration stays, and the logs say why.
for version, log, state, why in (
    (3, "build_logs", "DEPLOYMENT_FAILED", "package-that-no-index-has"),
    (4, "logs", "DEPLOYMENT_FAILED", "no lookup table here"),
):
    try:
        w.serving_endpoints.update_config_and_wait(
            "tripled", served_entities=[entity(2, environment_vars={"MODE": "slow"}), entity(version)],
            traffic_config=serving.TrafficConfig(
                routes=[serving.Route(served_model_name="tripler-2", traffic_percentage=50),
                        serving.Route(served_model_name=f"tripler-{version}", traffic_percentage=50)]
            ), timeout=LIMIT,
        )  # fmt: skip
        raise AssertionError("it was made")
    except Exception as failed:
        assert "UPDATE_FAILED" in str(failed), failed
    failed = w.serving_endpoints.get("tripled")
    assert failed.state.ready == serving.EndpointStateReady.READY, failed
    states = {e.entity_version: e.state.deployment.value for e in failed.pending_config.served_entities}
    assert states[str(version)] == state, failed
    assert why in getattr(w.serving_endpoints, log)("tripled", f"tripler-{version}").logs
    assert w.serving_endpoints.query("tripled", inputs={"x": [1.0]}).predictions == [4.0]
w.serving_endpoints.delete("tripled")
refused(NotFound, lambda: w.serving_endpoints.query("tripled", inputs={"x": [1.0]}), "The given endpoint does not exist")

# MLflow's own client of deployments.
client = get_deploy_client("databricks")
config = {
    "served_entities": [{"entity_name": "tripler", "entity_version": "1", "workload_size": "Small", "scale_to_zero_enabled": True}]
}
client.create_endpoint(config={"name": "by-mlflow", "config": config})
w.serving_endpoints.wait_get_serving_endpoint_not_updating("by-mlflow", timeout=LIMIT)
assert client.get_endpoint("by-mlflow").state.ready == "READY"
assert client.predict(endpoint="by-mlflow", inputs={"dataframe_split": {"columns": ["x"], "data": [[7.0]]}}).predictions == [21.0]
config["served_entities"][0]["entity_version"] = "2"
client.update_endpoint_config("by-mlflow", config)
w.serving_endpoints.wait_get_serving_endpoint_not_updating("by-mlflow", timeout=LIMIT)
assert client.predict(endpoint="by-mlflow", inputs={"inputs": {"x": [7.0]}}).predictions == [28.0]
client.update_endpoint_tags("by-mlflow", {"add_tags": [{"key": "a", "value": "b"}]})
assert [e["name"] for e in client.list_endpoints()] == ["by-mlflow"]
client.delete_endpoint("by-mlflow")
assert client.list_endpoints() == []
print("all of it works")
