"""The official Elasticsearch client against the server, as its users write it."""

import warnings

import elasticsearch
from elasticsearch import (
    ApiError, AuthenticationException, AuthorizationException, BadRequestError, ConflictError,
    Elasticsearch, NotFoundError)
from elasticsearch.exceptions import ElasticsearchWarning

from serving import Cases, Server

cases = Cases(f"elasticsearch {elasticsearch.__versionstr__}")


def model(kind="regression", fields=("a", "b", "c", "d"), tags=()):
    return dict(
        input={"field_names": list(fields)}, inference_config={kind: {}}, tags=list(tags),
        definition={"trained_model": {"tree": {"feature_names": list(fields), "tree_structure": [
            {"node_index": 0, "leaf_value": 1.0}]}}})


def pytorch():
    return dict(
        model_type="pytorch", input={"field_names": ["text_field"]},
        inference_config={"ner": {}})


def run(server):
    def client(user, **options):
        auth = (user, server.password(user)) if user else None
        return Elasticsearch(server.url, basic_auth=auth, **options)

    mona, otto, nora, stranger = client("mona"), client("otto"), client("nora"), client(None)

    cases.equal("ping", client("admin").ping(), True)
    cases.check("info", "version" in client("admin").info())
    cases.check("product header", True)

    for name, body in [
        ("delay-1", model()), ("delay-2", model()), ("kind-1", model("classification")),
        ("other-1", model(fields=("x", "y", "z", "w")))]:
        answer = mona.ml.put_trained_model(model_id=name, **body)
        cases.equal(f"put {name}", answer["model_id"], name)
    cases.raises("a model twice", BadRequestError, lambda: mona.ml.put_trained_model(model_id="delay-1", **model()))

    put = mona.ml.put_trained_model_alias
    cases.equal("create alias", put(model_id="delay-1", model_alias="flight_delay").body, {"acknowledged": True})
    cases.raises(
        "refused reassign", BadRequestError, lambda: put(model_id="delay-2", model_alias="flight_delay"),
        "cannot assign model_alias [flight_delay] to model_id [delay-2] as model_alias already refers to [delay-1]. "
        "Set parameter [reassign] to [true] if model_alias should be reassigned.")
    cases.equal(
        "reassign", put(model_id="delay-2", model_alias="flight_delay", reassign=True).body, {"acknowledged": True})
    cases.raises(
        "another kind", BadRequestError,
        lambda: put(model_id="kind-1", model_alias="flight_delay", reassign=True),
        "inference config type [classification]")
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        put(model_id="other-1", model_alias="flight_delay", reassign=True)
    texts = [str(w.message) for w in seen if issubclass(w.category, ElasticsearchWarning)]
    cases.check(
        "few common fields warn",
        any("The input fields for new model [other-1] and for old model [delay-2] differ significantly" in t
            for t in texts), texts)
    cases.raises(
        "bad alias", BadRequestError, lambda: put(model_id="delay-1", model_alias="delay-1"),
        "action_request_validation_exception")
    cases.raises(
        "unknown model", NotFoundError, lambda: put(model_id="gone", model_alias="new_alias"),
        "No known trained model with model_id [gone]")

    get = mona.ml.get_trained_models
    cases.equal(
        "by alias", [m["model_id"] for m in get(model_id="flight_delay")["trained_model_configs"]], ["other-1"])
    cases.equal(
        "aliases in metadata", get(model_id="other-1")["trained_model_configs"][0]["metadata"]["model_aliases"],
        ["flight_delay"])
    listed = get(model_id="delay-*", size=1, from_=1)
    cases.equal("paging", (listed["count"], [m["model_id"] for m in listed["trained_model_configs"]]), (2, ["delay-2"]))
    cases.equal("all", get()["count"] >= 4, True)
    cases.raises("no match", NotFoundError, lambda: get(model_id="gone"), "[gone]")
    cases.equal("no wildcard match", get(model_id="gone*")["count"], 0)
    stats = mona.ml.get_trained_models_stats(model_id="delay-*")
    cases.equal("stats", stats["count"], 2)

    cases.raises(
        "delete: other model", ConflictError,
        lambda: mona.ml.delete_trained_model_alias(model_id="delay-1", model_alias="flight_delay"),
        "does not refer to provided model_id [delay-1]")
    cases.raises(
        "delete: no alias", NotFoundError,
        lambda: mona.ml.delete_trained_model_alias(model_id="delay-1", model_alias="no_alias"),
        "model_alias [no_alias] could not be found")

    cases.equal("otto may look", otto.ml.get_trained_models(model_id="delay-1")["count"], 1)
    cases.raises(
        "otto may not move", AuthorizationException,
        lambda: otto.ml.put_trained_model_alias(model_id="delay-1", model_alias="flight_delay", reassign=True),
        "action [cluster:admin/xpack/ml/inference/model_aliases/put] is unauthorized for user [otto] "
        "with effective roles [machine_learning_user], this action is granted by the cluster privileges "
        "[manage_ml,manage,all]")
    cases.raises("nora may nothing", AuthorizationException, lambda: nora.ml.get_trained_models())
    cases.raises("nobody", AuthenticationException, lambda: stranger.ml.get_trained_models(), "missing authentication")
    wrong = Elasticsearch(server.url, basic_auth=("mona", "wrong"))
    cases.raises("wrong password", AuthenticationException, lambda: wrong.ml.get_trained_models(), "unable to authenticate user [mona]")

    rights = otto.security.has_privileges(cluster=["manage_ml", "monitor_ml"])
    cases.equal("has_privileges", (rights["has_all_requested"], rights["cluster"]), (False, {"manage_ml": False, "monitor_ml": True}))
    me = mona.security.authenticate()
    cases.equal("authenticate", (me["username"], me["roles"]), ("mona", ["machine_learning_admin"]))

    for name in ["ner-1", "ner-2"]:
        mona.ml.put_trained_model(model_id=name, **pytorch())
        for part in (1, 0):
            mona.ml.put_trained_model_definition_part(
                model_id=name, part=part, definition="AAAA", total_definition_length=6, total_parts=2)
    started = mona.ml.start_trained_model_deployment(model_id="ner-1", number_of_allocations=1, wait_for="starting")
    cases.equal("start", started["assignment"]["task_parameters"]["model_id"], "ner-1")
    put(model_id="ner-1", model_alias="entities")
    cases.raises(
        "not deployed", BadRequestError, lambda: put(model_id="ner-2", model_alias="entities", reassign=True),
        "as it is not yet deployed")
    cases.equal("update", mona.ml.update_trained_model_deployment(model_id="ner-1", number_of_allocations=2)["assignment"]["task_parameters"]["number_of_allocations"], 2)
    cases.equal("deployment stats", mona.ml.get_trained_models_stats(model_id="ner-1")["trained_model_stats"][0]["deployment_stats"]["state"], "starting")
    cases.raises("infer", ApiError, lambda: mona.ml.infer_trained_model(model_id="entities", docs=[{"text_field": "x"}]))
    cases.raises(
        "stop: alias", ApiError if False else ConflictError,
        lambda: mona.ml.delete_trained_model(model_id="ner-1"))
    cases.equal("stop", mona.ml.stop_trained_model_deployment(model_id="ner-1", force=True)["stopped"], True)
    cases.equal("delete", mona.ml.delete_trained_model(model_id="ner-1").body, {"acknowledged": True})
    cases.raises("gone", NotFoundError, lambda: get(model_id="ner-1"))
    cases.raises("its alias is gone with it", NotFoundError, lambda: get(model_id="entities"))

    root = client("admin")
    root.ingest.put_pipeline(id="p", processors=[{"inference": {"model_id": "flight_delay"}}])
    cases.equal("pipeline", list(root.ingest.get_pipeline(id="p")), ["p"])
    cases.raises("alias in a pipeline", ConflictError, lambda: mona.ml.delete_trained_model_alias(model_id="other-1", model_alias="flight_delay"), "still referenced")
    root.ingest.delete_pipeline(id="p")
    cases.equal("health", root.cluster.health()["status"], "green")
    cases.equal("license", root.license.get()["license"]["type"], "platinum")
    cases.check("xpack", root.xpack.info()["features"]["ml"]["available"])
    cases.equal("pretty", mona.ml.get_trained_models(model_id="other-1", pretty=True, human=True, error_trace=True)["count"], 1)
    cases.raises("odd name", BadRequestError, lambda: put(model_id="other-1", model_alias="a/b %é"))
    cases.equal("force", mona.ml.delete_trained_model(model_id="other-1", force=True, timeout="30s").body, {"acknowledged": True})
    small = client("mona", http_compress=True)
    small.ml.put_trained_model(model_id="small-1", **model())
    cases.equal("compressed", small.ml.get_trained_models(model_id="small-1")["count"], 1)
    traced = mona.options(opaque_id="trace-7").ml.get_trained_models(model_id="small-1")
    cases.equal("opaque id", traced.meta.headers.get("x-opaque-id"), "trace-7")
    cases.equal(
        "filter_path",
        get(model_id="small-1", filter_path="trained_model_configs.model_id").body,
        {"trained_model_configs": [{"model_id": "small-1"}]})


def run_keys(server):
    def client(user):
        return Elasticsearch(server.url, basic_auth=(user, server.password(user)))

    root, mona = client("admin"), client("mona")
    made = root.security.create_api_key(
        name="night build", expiration="1d", metadata={"team": "ml"},
        role_descriptors={"look": {"cluster": ["monitor_ml"]}})
    cases.equal("create_api_key", sorted(made.body), ["api_key", "encoded", "expiration", "id", "name"])
    for name, credentials in [("encoded", made["encoded"]), ("pair", (made["id"], made["api_key"]))]:
        keyed = Elasticsearch(server.url, api_key=credentials)
        cases.equal(f"key works: {name}", keyed.ml.get_trained_models(allow_no_match=True)["count"] >= 0, True)
    me = keyed.security.authenticate()
    cases.equal(
        "authenticate: key", (me["username"], me["authentication_type"], me["api_key"]["id"]),
        ("admin", "api_key", made["id"]))
    cases.raises(
        "key is limited", AuthorizationException,
        lambda: keyed.ml.put_trained_model_alias(model_id="small-1", model_alias="of_key"),
        f"is unauthorized for API key id [{made['id']}] of user [admin], this action is granted by the "
        "cluster privileges [manage_ml,manage,all]")
    cases.equal("has_privileges: key", keyed.security.has_privileges(cluster=["monitor_ml", "all"])["cluster"], {
        "monitor_ml": True, "all": False})
    cases.raises(
        "key makes no key", AuthorizationException, lambda: keyed.security.create_api_key(name="more"),
        "granted by the cluster privileges [manage_own_api_key,manage_api_key,manage_security,all]")
    found = root.security.get_api_key(id=made["id"])["api_keys"]
    cases.equal(
        "get_api_key", [(k["name"], k["username"], k["invalidated"], k["metadata"]) for k in found],
        [("night build", "admin", False, {"team": "ml"})])
    cases.equal("get: descriptors", found[0]["role_descriptors"]["look"]["cluster"], ["monitor_ml"])
    for options in [{"name": "night*"}, {"owner": True}, {"username": "admin"}, {"realm_name": "users"}, {}]:
        ids = [k["id"] for k in root.security.get_api_key(**options)["api_keys"]]
        cases.equal(f"get: {options}", ids, [made["id"]])
    cases.raises("get: none", NotFoundError, lambda: root.security.get_api_key(id="none"))
    for name, call in [
            ("create", lambda: mona.security.create_api_key(name="k")),
            ("own", lambda: mona.security.get_api_key(owner=True)),
            ("all", lambda: mona.security.get_api_key()),
            ("invalidate", lambda: mona.security.invalidate_api_key(ids=[made["id"]]))]:
        cases.raises(f"mona may not: {name}", AuthorizationException, call, "is unauthorized for user [mona]")
    cases.raises(
        "unknown privilege", BadRequestError,
        lambda: root.security.create_api_key(name="k", role_descriptors={"r": {"cluster": ["nothing"]}}),
        "unknown cluster privilege [nothing]")
    cases.raises(
        "indices", BadRequestError,
        lambda: root.security.create_api_key(
            name="k", role_descriptors={"r": {"indices": [{"names": ["*"], "privileges": ["read"]}]}}),
        "[indices] can't be granted here")
    gone = root.security.invalidate_api_key(ids=[made["id"]]).body
    cases.equal("invalidate_api_key", gone, {
        "invalidated_api_keys": [made["id"]], "previously_invalidated_api_keys": [], "error_count": 0})
    cases.raises("key is gone", AuthenticationException, lambda: keyed.ml.get_trained_models())
    cases.equal(
        "invalidate again", root.security.invalidate_api_key(name="night build")["previously_invalidated_api_keys"],
        [made["id"]])


with Server() as server:
    run(server)
    run_keys(server)
cases.end(60)
