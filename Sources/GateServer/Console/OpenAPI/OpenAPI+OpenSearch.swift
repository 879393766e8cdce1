extension OpenAPI {
  /// What is written about OpenSearch's API.
  static let openSearchOperations = #"""
    {
    "POST /_plugins/_ml/model_groups/_register": {
      "id": "registerModelGroup", "about": "Register a model group.",
      "query": ["dry_run", "perform_permission_check", "pretty", "filter_path"],
      "needs": "Name, access mode, backend roles."
    },
    "GET /_plugins/_ml/model_groups/_search": {
      "id": "getSearchModelGroups", "about": "Find model groups that the caller may see.",
      "query": ["dry_run", "perform_permission_check", "pretty", "filter_path"]
    },
    "GET /_plugins/_ml/models/_search": {
      "id": "getSearchModels", "about": "Find models that the caller may see.",
      "query": ["dry_run", "perform_permission_check", "pretty", "filter_path"]
    },
    "POST /_plugins/_ml/model_groups/_search": {
      "id": "searchModelGroups", "about": "Find model groups that the caller may see.",
      "query": ["dry_run", "perform_permission_check", "pretty", "filter_path"],
      "takes": "The query."
    },
    "POST /_plugins/_ml/models/_search": {
      "id": "searchModels", "about": "Find models that the caller may see.",
      "query": ["dry_run", "perform_permission_check", "pretty", "filter_path"],
      "takes": "The query."
    },
    "GET /_plugins/_ml/model_groups/{id}": {
      "id": "getModelGroup", "about": "Get a model group.",
      "query": ["dry_run", "perform_permission_check", "pretty", "filter_path"],
      "errors": ["400", "401", "403", "404"]
    },
    "PUT /_plugins/_ml/model_groups/{id}": {
      "id": "updateModelGroup", "about": "Change a model group.",
      "query": ["dry_run", "perform_permission_check", "pretty", "filter_path"],
      "needs": "What changes.", "errors": ["400", "401", "403", "404"]
    },
    "DELETE /_plugins/_ml/model_groups/{id}": {
      "id": "deleteModelGroup", "about": "Delete a model group without models.",
      "query": ["dry_run", "perform_permission_check", "pretty", "filter_path"],
      "errors": ["400", "401", "403", "404", "409"]
    },
    "POST /_plugins/_ml/models/_register": {
      "id": "registerModel", "about": "Register a model, in a group or with one of its own.",
      "query": ["deploy", "dry_run", "perform_permission_check", "pretty", "filter_path"],
      "needs": "The model.", "errors": ["400", "401", "403", "404"]
    },
    "POST /_plugins/_ml/models/_register_meta": {
      "id": "registerModelMeta", "about": "Say what a model that is uploaded in parts will be.",
      "query": ["dry_run", "perform_permission_check", "pretty", "filter_path"],
      "needs": "The model.", "errors": ["400", "401", "403", "404", "501"]
    },
    "POST /_plugins/_ml/models/meta": {
      "id": "registerModelMetaByOldPath", "about": "The same, by its older path.",
      "query": ["dry_run", "perform_permission_check", "pretty", "filter_path"],
      "needs": "The model.", "errors": ["400", "401", "403", "404", "501"]
    },
    "GET /_plugins/_ml/models/{id}": {
      "id": "getModel", "about": "Get a model.",
      "query": ["return_content", "dry_run", "perform_permission_check", "pretty",
        "filter_path"], "errors": ["400", "401", "403", "404"]
    },
    "PUT /_plugins/_ml/models/{id}": {
      "id": "updateModel", "about": "Change a model, or move it to another group.",
      "query": ["dry_run", "perform_permission_check", "pretty", "filter_path"],
      "needs": "What changes.", "errors": ["400", "401", "403", "404"]
    },
    "DELETE /_plugins/_ml/models/{id}": {
      "id": "deleteModel", "about": "Delete a model.",
      "query": ["dry_run", "perform_permission_check", "pretty", "filter_path"],
      "errors": ["400", "401", "403", "404"]
    },
    "POST /_plugins/_ml/models/{id}/_deploy": {
      "id": "deployModel", "about": "Note that a model shall run.",
      "query": ["dry_run", "perform_permission_check", "pretty", "filter_path"],
      "takes": "Taken and without effect.", "errors": ["400", "401", "403", "404"]
    },
    "POST /_plugins/_ml/models/{id}/_undeploy": {
      "id": "undeployModel", "about": "Note that a model shall not run.",
      "query": ["dry_run", "perform_permission_check", "pretty", "filter_path"],
      "takes": "Taken and without effect.", "errors": ["400", "401", "403", "404"]
    },
    "POST /_plugins/_ml/models/_undeploy": {
      "id": "undeployModels", "about": "Note that models shall not run.",
      "query": ["dry_run", "perform_permission_check", "pretty", "filter_path"],
      "needs": "Their ids.", "errors": ["400", "401", "403", "404"]
    },
    "POST /_plugins/_ml/models/{id}/_predict": {
      "id": "predictModel",
      "about": "Call a model. Answered 501 unless an upstream is configured.",
      "query": ["dry_run", "perform_permission_check", "pretty", "filter_path"],
      "takes": "The input.", "errors": ["400", "401", "403", "404", "501", "502", "504"]
    },
    "POST /_plugins/_ml/_predict/{algorithm}/{id}": {
      "id": "predictAlgorithm", "about": "The same, by the algorithm that the model is of.",
      "query": ["dry_run", "perform_permission_check", "pretty", "filter_path"],
      "takes": "The input.", "errors": ["400", "401", "403", "404", "501", "502", "504"]
    },
    "GET /_plugins/_ml/tasks/{task}": {
      "id": "getTask", "about": "What became of a registration or a deployment.",
      "query": ["dry_run", "perform_permission_check", "pretty", "filter_path"],
      "errors": ["400", "401", "403", "404"]
    },
    "GET /_cluster/settings": {
      "id": "getClusterSettings", "about": "The switch of model access control.",
      "query": ["flat_settings", "master_timeout", "cluster_manager_timeout",
        "include_defaults", "local", "dry_run", "perform_permission_check", "pretty",
        "filter_path"]
    },
    "PUT /_cluster/settings": {
      "id": "putClusterSettings", "about": "Switch model access control on or off.",
      "query": ["flat_settings", "master_timeout", "cluster_manager_timeout", "timeout",
        "dry_run", "perform_permission_check", "pretty", "filter_path"],
      "needs": "Persistent and transient settings."
    },
    "GET /_plugins/_security/authinfo": {
      "id": "authInfo", "about": "Who is calling, with which roles.",
      "query": ["auth_type", "verbose", "pretty", "filter_path"], "errors": ["400", "401"]
    },
    "GET /_plugins/_security/api/internalusers": {
      "id": "listUsers", "about": "List users.", "query": ["pretty", "filter_path"]
    },
    "GET /_plugins/_security/api/internalusers/{name}": {
      "id": "getUsers", "about": "Get one of the users.", "query": ["pretty", "filter_path"],
      "errors": ["400", "401", "403", "404"]
    },
    "PUT /_plugins/_security/api/internalusers/{name}": {
      "id": "putUsers", "about": "Refused: the users are not kept here.",
      "errors": ["401", "501"], "refuses": true
    },
    "DELETE /_plugins/_security/api/internalusers/{name}": {
      "id": "deleteUsers", "about": "Refused: the users are not kept here.",
      "errors": ["401", "501"], "refuses": true
    },
    "PATCH /_plugins/_security/api/internalusers/{name}": {
      "id": "patchUsers", "about": "Refused: the users are not kept here.",
      "errors": ["401", "501"], "refuses": true
    },
    "PATCH /_plugins/_security/api/internalusers": {
      "id": "patchAllUsers", "about": "Refused: the users are not kept here.",
      "errors": ["401", "501"], "refuses": true
    },
    "GET /_plugins/_security/api/roles": {
      "id": "listRoles", "about": "List roles.", "query": ["pretty", "filter_path"]
    },
    "GET /_plugins/_security/api/roles/{name}": {
      "id": "getRoles", "about": "Get one of the roles.", "query": ["pretty", "filter_path"],
      "errors": ["400", "401", "403", "404"]
    },
    "PUT /_plugins/_security/api/roles/{name}": {
      "id": "putRoles", "about": "Refused: the roles are not kept here.",
      "errors": ["401", "501"], "refuses": true
    },
    "DELETE /_plugins/_security/api/roles/{name}": {
      "id": "deleteRoles", "about": "Refused: the roles are not kept here.",
      "errors": ["401", "501"], "refuses": true
    },
    "PATCH /_plugins/_security/api/roles/{name}": {
      "id": "patchRoles", "about": "Refused: the roles are not kept here.",
      "errors": ["401", "501"], "refuses": true
    },
    "PATCH /_plugins/_security/api/roles": {
      "id": "patchAllRoles", "about": "Refused: the roles are not kept here.",
      "errors": ["401", "501"], "refuses": true
    },
    "GET /_plugins/_security/api/rolesmapping": {
      "id": "listRoleMappings", "about": "List role mappings.",
      "query": ["pretty", "filter_path"]
    },
    "GET /_plugins/_security/api/rolesmapping/{name}": {
      "id": "getRoleMappings", "about": "Get one of the role mappings.",
      "query": ["pretty", "filter_path"], "errors": ["400", "401", "403", "404"]
    },
    "PUT /_plugins/_security/api/rolesmapping/{name}": {
      "id": "putRoleMappings", "about": "Refused: the role mappings are not kept here.",
      "errors": ["401", "501"], "refuses": true
    },
    "DELETE /_plugins/_security/api/rolesmapping/{name}": {
      "id": "deleteRoleMappings", "about": "Refused: the role mappings are not kept here.",
      "errors": ["401", "501"], "refuses": true
    },
    "PATCH /_plugins/_security/api/rolesmapping/{name}": {
      "id": "patchRoleMappings", "about": "Refused: the role mappings are not kept here.",
      "errors": ["401", "501"], "refuses": true
    },
    "PATCH /_plugins/_security/api/rolesmapping": {
      "id": "patchAllRoleMappings", "about": "Refused: the role mappings are not kept here.",
      "errors": ["401", "501"], "refuses": true
    }
    }
    """#
}
