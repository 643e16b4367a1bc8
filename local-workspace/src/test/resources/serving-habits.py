"""What people write against serving endpoints, in forms new and old, and what they get for what is wrong.

python serving-habits.py, after models-to-serve.py.
"""

import datetime
import re
import warnings

import requests
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import DatabricksError, InvalidParameterValue, NotFound, ResourceAlreadyExists, ResourceConflict
from databricks.sdk.service import serving
from mlflow.deployments import get_deploy_client

LIMIT = datetime.timedelta(minutes=2)

w = WorkspaceClient(auth_type="pat")
endpoints = w.serving_endpoints
client = get_deploy_client("databricks")


def entity(version, **more):
    settings = {"workload_size": "Small", "scale_to_zero_enabled": False, **more}
    return serving.ServedEntityInput(entity_name="tripler", entity_version=str(version), **settings)


def config(*entities, **more):
    return serving.EndpointCoreConfigInput(name="habits", served_entities=list(entities), **more)


def routes(**shares):
    return serving.TrafficConfig(
        routes=[serving.Route(served_entity_name=name.replace("_", "-"), traffic_percentage=share) for name, share in shares.items()]
    )


def refused(kind, text, call, *args, **more):
    """As the SDK tells refusals apart, and with words that help."""
    try:
        call(*args, **more)
    except DatabricksError as refusal:
        assert isinstance(refusal, kind), (type(refusal), refusal)
        assert text in str(refusal), refusal
    else:
        raise AssertionError(f"accepted what should be refused with: {text}")


def http_error(status, text, call, *args, **more):
    """As MLflow's client passes refusals on: it makes the status of the code, so a name that is taken is 400."""
    try:
        call(*args, **more)
    except requests.HTTPError as refusal:
        assert refusal.response.status_code == status, refusal
        assert text in refusal.response.text, refusal.response.text
    else:
        raise AssertionError(f"accepted what should be refused with {status}")


# Of what is wrong, nothing is made.
for text, wrong in {
    "Valid workload sizes are Small, Medium and Large": config(entity(1, workload_size="Tiny")),
    "Workload type 'GPU_SMALL' with size 'Small' is not supported": config(
        entity(1, workload_type=serving.ServingModelWorkloadType.GPU_SMALL)
    ),
    "must specify workload_size": config(entity(1, workload_size=None)),
    "multiples of 4": config(entity(1, workload_size=None, min_provisioned_concurrency=4, max_provisioned_concurrency=6)),
    "sum to 100, not 90": config(entity(1), entity(2), traffic_config=routes(tripler_1=60, tripler_2=30)),
    "sum to 100, not 110": config(entity(1), entity(2), traffic_config=routes(tripler_1=60, tripler_2=50)),
    "is not a served entity": config(entity(1), traffic_config=routes(tripler_7=100)),
    "must be specified when there is more than one": config(entity(1), entity(2)),
    "must be unique": config(entity(1), entity(1)),
    "At least one served entity": serving.EndpointCoreConfigInput(name="habits", served_entities=[]),
    "auto_capture_config": config(entity(1), auto_capture_config=serving.AutoCaptureConfigInput(catalog_name="main", enabled=True)),
    "instance_profile_arn": config(entity(1, instance_profile_arn="arn:aws:iam::1:instance-profile/x")),
}.items():
    refused(InvalidParameterValue, text, endpoints.create, "habits", config=wrong)
refused(InvalidParameterValue, "reserved", endpoints.create, "databricks-habits", config=config(entity(1)))
refused(InvalidParameterValue, "name", endpoints.create, "two words", config=config(entity(1)))
refused(InvalidParameterValue, "route_optimized", endpoints.create, "habits", config=config(entity(1)), route_optimized=True)
gateway = serving.AiGatewayConfig(usage_tracking_config=serving.AiGatewayUsageTrackingConfig(enabled=True))
refused(InvalidParameterValue, "ai_gateway", endpoints.create, "habits", config=config(entity(1)), ai_gateway=gateway)
refused(NotFound, "Version 99 of model 'tripler' does not exist", endpoints.create, "habits", config=config(entity(99)))
assert list(endpoints.list()) == []
missing = "Endpoint with name 'habits' does not exist."
for call in (endpoints.get, endpoints.delete, endpoints.export_metrics):
    refused(NotFound, missing, call, "habits")
refused(NotFound, missing, endpoints.update_config, "habits", served_entities=[entity(1)])
refused(NotFound, missing, endpoints.patch, "habits", delete_tags=["team"])
refused(NotFound, missing, endpoints.logs, "habits", "tripler-1")
refused(NotFound, missing, endpoints.build_logs, "habits", "tripler-1")
refused(NotFound, "The given endpoint does not exist", endpoints.query, "habits", inputs=[1])

# The old form, which scripts of years ago still have: served models instead of entities.
old = serving.ServedModelInput(model_name="tripler", model_version="1", workload_size="Small", scale_to_zero_enabled=False)
made = endpoints.create_and_wait(
    "habits",
    config=serving.EndpointCoreConfigInput(
        name="habits",
        served_models=[old],
        traffic_config=serving.TrafficConfig(routes=[serving.Route(served_model_name="tripler-1", traffic_percentage=100)]),
    ),
    timeout=LIMIT,
)
assert made.config.served_models[0].model_version == "1", made
assert made.config.served_entities[0].entity_name == "tripler", made
assert made.config.served_entities[0].workload_type == serving.ServingModelWorkloadType.CPU, made
route = made.config.traffic_config.routes[0]
assert (route.served_model_name, route.served_entity_name, route.traffic_percentage) == ("tripler-1", "tripler-1", 100), route
assert made.permission_level == serving.ServingEndpointDetailedPermissionLevel.CAN_MANAGE, made
refused(ResourceAlreadyExists, "already exists", endpoints.create, "habits", config=config(entity(1)))
refused(InvalidParameterValue, "Only one of", endpoints.update_config, "habits", served_entities=[entity(1)], served_models=[old])
refused(NotFound, "Served model with name 'tripler-7' does not exist", endpoints.logs, "habits", "tripler-7")
[listed] = endpoints.list()
assert (listed.name, listed.id, listed.creator, listed.state.ready) == ("habits", made.id, made.creator, made.state.ready), listed
assert listed.config.served_entities[0].entity_version == "1", listed
assert endpoints.get(listed.name).id == made.id

# Requests, as they are sent without any client.
def post(body, path="habits", kind="application/json"):
    return requests.post(
        f"{w.config.host}/serving-endpoints/{path}/invocations",
        data=body,
        headers={"Content-Type": kind, **w.config.authenticate()},
        timeout=60,
    )


for body in (
    '{"dataframe_split": {"index": [0, 1], "columns": ["x"], "data": [[1.0], [2.0]]}}',
    '{"dataframe_records": [{"x": 1.0}, {"x": 2.0}]}',
    '{"instances": [{"x": 1.0}, {"x": 2.0}]}',
    '{"inputs": {"x": [1.0, 2.0]}}',
    '{"inputs": {"x": [1.0, 2.0]}, "client_request_id": "mine"}',
):
    answer = post(body)
    assert answer.json() == {"predictions": [3.0, 6.0]}, answer.text
    assert answer.headers["served-model-name"] == "tripler-1", answer.headers
assert post("x\n1.0\n2.0\n", kind="text/csv").json() == {"predictions": [3.0, 6.0]}
for body in ("{}", "[]", "not JSON", '{"inputs": {"x": ["no number"]}}', '{"rows": [1]}', '{"inputs": {"x": [1.0]}, "instances": []}'):
    answer = post(body)
    assert answer.status_code == 400, (body, answer.status_code, answer.text)
    assert answer.json()["error_code"], (body, answer.text)

# While an update is under way there is no other; all else goes on.
started = endpoints.update_config("habits", served_entities=[entity(2)]).response
assert started.pending_config.config_version == 2 and started.pending_config.start_time >= started.creation_timestamp, started
refused(ResourceConflict, "currently updating", endpoints.update_config, "habits", served_entities=[entity(1)])
http_error(409, "RESOURCE_CONFLICT", client.update_endpoint_config, "habits", {"served_entities": [entity(1).as_dict()]})
assert endpoints.patch("habits", add_tags=[serving.EndpointTag("a"), serving.EndpointTag("b", "c")]).tags[1].value == "c"
assert [tag.key for tag in endpoints.patch("habits", delete_tags=["a"]).tags] == ["b"]
settled = endpoints.wait_get_serving_endpoint_not_updating("habits", timeout=LIMIT)
assert settled.config.config_version == 2 and settled.pending_config is None, settled
assert settled.config.served_entities[0].name == "tripler-2", settled
assert endpoints.query("habits", dataframe_records=[{"x": 1.0}]).predictions == [4.0]

# Metrics are a text: a series, its labels, a value and a time.
lines = endpoints.export_metrics("habits").contents.read().decode().splitlines()
samples = [line for line in lines if not line.startswith("#")]
assert samples and all(re.fullmatch(r"[a-z0-9_]+\{[^}]*\} \S+ \d{13}", line) for line in samples), lines

# Permissions.
assert [level.permission_level.value for level in endpoints.get_permission_levels(made.id).permission_levels] == [
    "CAN_VIEW",
    "CAN_QUERY",
    "CAN_MANAGE",
]
may_query = serving.ServingEndpointAccessControlRequest(
    user_name="vera@example.com", permission_level=serving.ServingEndpointPermissionLevel.CAN_QUERY
)
for change in (endpoints.set_permissions, endpoints.update_permissions):
    changed = change(made.id, access_control_list=[may_query])
    assert changed.object_type == "serving-endpoint", changed
    levels = {entry.user_name: entry.all_permissions[0].permission_level.value for entry in changed.access_control_list}
    assert levels == {"ana@example.com": "CAN_MANAGE", "vera@example.com": "CAN_QUERY"}, levels
    assert endpoints.get_permissions(made.id).as_dict() == changed.as_dict()
refused(NotFound, "does not exist", endpoints.get_permissions, "0" * 32)

# What only the service has is refused by its name.
only = "not supported by a local workspace"
refused(InvalidParameterValue, only, endpoints.put_ai_gateway, "habits", usage_tracking_config=gateway.usage_tracking_config)
refused(InvalidParameterValue, only, endpoints.put, "habits", rate_limits=[])
refused(InvalidParameterValue, only, endpoints.get_open_api, "habits")
refused(InvalidParameterValue, only, endpoints.patch_telemetry_config, "habits")
endpoints.delete("habits")
refused(NotFound, missing, endpoints.delete, "habits")

# MLflow's client, as it was used before a configuration had a name in it.
warnings.simplefilter("ignore", UserWarning)
client.create_endpoint(
    name="by-mlflow",
    config={
        "served_entities": [entity(1).as_dict()],
        "traffic_config": {"routes": [{"served_model_name": "tripler-1", "traffic_percentage": 100}]},
        "tags": [{"key": "team", "value": "risk"}],
    },
)
http_error(400, "RESOURCE_ALREADY_EXISTS", client.create_endpoint, config={"name": "by-mlflow", "config": {}})
endpoints.wait_get_serving_endpoint_not_updating("by-mlflow", timeout=LIMIT)
assert client.get_endpoint("by-mlflow").tags == [{"key": "team", "value": "risk"}]
for body in (
    {"dataframe_split": {"columns": ["x"], "data": [[7.0]]}},
    {"dataframe_records": [{"x": 7.0}]},
    {"instances": [{"x": 7.0}]},
    {"inputs": {"x": [7.0]}},
):
    assert client.predict(endpoint="by-mlflow", inputs=body).predictions == [21.0], body
http_error(400, "is missing inputs ['x']", client.predict, endpoint="by-mlflow", inputs={"dataframe_records": [{"y": 1.0}]})
client.update_endpoint_tags("by-mlflow", {"add_tags": [{"key": "team", "value": "fraud"}], "delete_tags": ["none"]})
assert client.list_endpoints()[0]["tags"] == [{"key": "team", "value": "fraud"}]
client.update_endpoint("by-mlflow", {"served_entities": [entity(2).as_dict()]})
endpoints.wait_get_serving_endpoint_not_updating("by-mlflow", timeout=LIMIT)
assert client.predict(endpoint="by-mlflow", inputs={"inputs": {"x": [7.0]}}).predictions == [28.0]
http_error(400, only, client.update_endpoint_ai_gateway, "by-mlflow", {"usage_tracking_config": {"enabled": True}})
http_error(400, only, client.update_endpoint_rate_limits, "by-mlflow", {"rate_limits": []})
http_error(400, "INVALID_PARAMETER_VALUE", client.update_endpoint_config, "by-mlflow", {"served_entities": []})
client.delete_endpoint("by-mlflow")
http_error(404, "RESOURCE_DOES_NOT_EXIST", client.get_endpoint, "by-mlflow")
http_error(404, "RESOURCE_DOES_NOT_EXIST", client.predict, endpoint="by-mlflow", inputs={"inputs": {"x": [7.0]}})
assert client.list_endpoints() == []
print("all of it works")
