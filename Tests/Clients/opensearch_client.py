"""The official OpenSearch client against the server, as its users write it."""

from opensearchpy import (
    AuthenticationException, AuthorizationException, NotFoundError, OpenSearch, RequestError, __versionstr__)

from serving import Cases, Server

cases = Cases(f"opensearch-py {__versionstr__}")


def run(server):
    def client(user):
        auth = (user, server.password(user)) if user else None
        return OpenSearch(server.url, http_auth=auth)

    admin, one, two, three, four = (client(u) for u in ["admin", "user1", "user2", "user3", "user4"])
    reader = client("ml_readonly")
    cases.equal("ping", admin.ping(), True)

    cases.raises(
        "access control is off", RequestError,
        lambda: one.plugins.ml.register_model_group(body={"name": "early", "access_mode": "private"}),
        "You cannot specify model access control parameters")
    answer = admin.cluster.put_settings(
        body={"persistent": {"plugins.ml_commons.model_access_control_enabled": True}})
    cases.equal(
        "switch on", answer["persistent"],
        {"plugins": {"ml_commons": {"model_access_control_enabled": "true"}}})

    def register(who, **body):
        answer = who.plugins.ml.register_model_group(body=body)
        cases.equal(f"register {body['name']}", answer["status"], "CREATED")
        return answer["model_group_id"]

    public = register(one, name="everybody", access_mode="public", description="For all.")
    private = register(one, name="mine", access_mode="private")
    shared = register(one, name="of IT", access_mode="restricted", backend_roles=["IT"])
    cases.raises(
        "a name twice", RequestError,
        lambda: three.plugins.ml.register_model_group(body={"name": "mine"}),
        f"The name you provided is already being used by a model group with ID: {private}.")
    cases.raises(
        "a role of others", RequestError,
        lambda: three.plugins.ml.register_model_group(
            body={"name": "taken", "access_mode": "restricted", "backend_roles": ["IT"]}),
        "You don't have the backend roles specified.")
    cases.raises(
        "no roles", RequestError,
        lambda: four.plugins.ml.register_model_group(
            body={"name": "none", "access_mode": "restricted", "add_all_backend_roles": True}),
        "You must have at least one backend role to register a restricted model group.")
    cases.raises(
        "unsafe name", RequestError,
        lambda: one.plugins.ml.register_model_group(body={"name": "<b>"}), "action_request_validation_exception")

    def get(who, group):
        return who.plugins.ml.get_model_group(model_group_id=group)

    cases.equal("owner sees", get(one, private)["owner"]["name"], "user1")
    cases.equal("public for all", get(three, public)["access"], "public")
    cases.equal("restricted for IT", get(two, shared)["backend_roles"], ["IT"])
    refused = "User doesn't have privilege to perform this operation on this model group"
    cases.raises("private for nobody else", AuthorizationException, lambda: get(two, private), refused)
    cases.raises("a stranger refused", AuthorizationException, lambda: get(three, shared), refused)
    cases.raises("unknown", NotFoundError, lambda: get(one, "nothing"), "Failed to find model group with the provided model group id: nothing")

    def names(who, **query):
        hits = who.plugins.ml.search_model_group(body=query or {"query": {"match_all": {}}})["hits"]["hits"]
        return sorted(hit["_source"]["name"] for hit in hits)

    cases.equal("search of user1", names(one), ["everybody", "mine", "of IT"])
    cases.equal("search of user2", names(two), ["everybody", "of IT"])
    cases.equal("search of user3", names(three), ["everybody"])
    cases.equal("term", names(one, query={"term": {"access": "private"}}), ["mine"])
    cases.equal(
        "bool", names(one, query={"bool": {"must_not": [{"terms": {"access": ["private", "public"]}}]}}), ["of IT"])
    cases.equal(
        "nested owner", names(two, query={"nested": {"path": "owner", "query": {"term": {"owner.name.keyword": "user1"}}}}),
        ["everybody", "of IT"])
    cases.equal(
        "sorted page",
        [h["_source"]["name"] for h in one.plugins.ml.search_model_group(
            body={"query": {"match_all": {}}, "sort": [{"name.keyword": "desc"}], "from": 1, "size": 1})["hits"]["hits"]],
        ["mine"])

    cases.equal(
        "update", two.plugins.ml.update_model_group(model_group_id=shared, body={"description": "By IT."})["status"],
        "Updated")
    cases.raises(
        "update by a stranger", RequestError if False else Exception,
        lambda: three.plugins.ml.update_model_group(model_group_id=shared, body={"description": "x"}))
    cases.raises("delete by a stranger", AuthorizationException, lambda: three.plugins.ml.delete_model_group(model_group_id=shared))

    cases.raises(
        "no permission", AuthorizationException,
        lambda: reader.plugins.ml.register_model_group(body={"name": "x"}),
        "no permissions for [cluster:admin/opensearch/ml/register_model_group] and User [name=ml_readonly, "
        "backend_roles=[opensearch], requestedTenant=null]")
    cases.raises("no credentials", AuthenticationException, lambda: client(None).plugins.ml.search_model_group(body={}))

    answer = one.plugins.ml.register_model(body={
        "name": "m", "version": "1.0.0", "model_group_id": public, "function_name": "remote", "connector_id": "c"})
    cases.equal("register a model", answer["status"], "CREATED")
    model = answer["model_id"]
    cases.equal("its group", two.plugins.ml.get_model(model_id=model)["model_group_id"], public)
    cases.raises("a group that is used", Exception, lambda: one.plugins.ml.delete_model_group(model_group_id=public))
    one.plugins.ml.delete_model(model_id=model)
    one.plugins.ml.delete_model_group(model_group_id=public)
    cases.equal("after deletion", names(three), [])


with Server() as server:
    run(server)
cases.end(30)
