extension OpenAPI {
  /// What is written about Elasticsearch's API.
  static let elasticsearchOperations = #"""
    {
    "GET /_ml/trained_models": {
      "id": "getTrainedModels", "about": "List trained models.",
      "query": ["allow_no_match", "from", "size", "tags", "decompress_definition",
        "exclude_generated", "include", "include_model_definition", "dry_run", "pretty",
        "filter_path"]
    },
    "GET /_ml/trained_models/{model_id}": {
      "id": "getTrainedModel",
      "about": "Get trained models by ids, aliases and wildcards, comma-separated.",
      "query": ["allow_no_match", "from", "size", "tags", "decompress_definition",
        "exclude_generated", "include", "include_model_definition", "dry_run", "pretty",
        "filter_path"], "errors": ["400", "401", "403", "404"]
    },
    "GET /_ml/trained_models/_stats": {
      "id": "getTrainedModelsStats",
      "about": "Statistics of all trained models and their deployments.",
      "query": ["allow_no_match", "from", "size", "tags", "dry_run", "pretty", "filter_path"]
    },
    "GET /_ml/trained_models/{model_id}/_stats": {
      "id": "getTrainedModelStats", "about": "Statistics of trained models.",
      "query": ["allow_no_match", "from", "size", "tags", "dry_run", "pretty", "filter_path"],
      "errors": ["400", "401", "403", "404"]
    },
    "PUT /_ml/trained_models/{model_id}": {
      "id": "putTrainedModel", "about": "Register a trained model.",
      "query": ["defer_definition_decompression", "wait_for_completion", "dry_run", "pretty",
        "filter_path"], "needs": "The model's configuration."
    },
    "PUT /_ml/trained_models/{model_id}/definition/{part}": {
      "id": "putTrainedModelDefinitionPart",
      "about": "Upload a part of a model's definition; the last one makes it whole.",
      "query": ["dry_run", "pretty", "filter_path"], "needs": "The part, in Base64.",
      "errors": ["400", "401", "403", "404", "409"]
    },
    "DELETE /_ml/trained_models/{model_id}": {
      "id": "deleteTrainedModel",
      "about": "Delete a trained model with its aliases and deployments.",
      "query": ["force", "timeout", "dry_run", "pretty", "filter_path"],
      "errors": ["400", "401", "403", "404", "409"]
    },
    "PUT /_ml/trained_models/{model_id}/model_aliases/{model_alias}": {
      "id": "putTrainedModelAlias", "about": "Point an alias at a trained model.",
      "query": ["reassign", "dry_run", "pretty", "filter_path"],
      "errors": ["400", "401", "403", "404"]
    },
    "DELETE /_ml/trained_models/{model_id}/model_aliases/{model_alias}": {
      "id": "deleteTrainedModelAlias", "about": "Delete an alias of a trained model.",
      "query": ["dry_run", "pretty", "filter_path"], "errors": ["400", "401", "403", "404"]
    },
    "POST /_ml/trained_models/{model_id}/deployment/_start": {
      "id": "startTrainedModelDeployment", "about": "Start a deployment.",
      "query": ["deployment_id", "number_of_allocations", "threads_per_allocation",
        "queue_capacity", "priority", "cache_size", "wait_for", "timeout", "dry_run", "pretty",
        "filter_path"], "takes": "The same, in a body.",
      "errors": ["400", "401", "403", "404", "409"]
    },
    "POST /_ml/trained_models/{model_id}/deployment/_stop": {
      "id": "stopTrainedModelDeployment", "about": "Stop deployments.",
      "query": ["allow_no_match", "force", "timeout", "dry_run", "pretty", "filter_path"],
      "takes": "The same, in a body.", "errors": ["400", "401", "403", "404", "409"]
    },
    "POST /_ml/trained_models/{model_id}/deployment/_update": {
      "id": "updateTrainedModelDeployment", "about": "Change a deployment.",
      "query": ["number_of_allocations", "dry_run", "pretty", "filter_path"],
      "takes": "The same, in a body.", "errors": ["400", "401", "403", "404"]
    },
    "POST /_ml/trained_models/{model_id}/_infer": {
      "id": "inferTrainedModel",
      "about": "Call a model, by its id, alias or deployment. Answered 501 unless an upstream is configured.",
      "query": ["timeout", "dry_run", "pretty", "filter_path"], "takes": "The documents.",
      "errors": ["400", "401", "403", "404", "501", "502", "504"]
    },
    "POST /_ml/trained_models/{model_id}/deployment/_infer": {
      "id": "inferTrainedModelDeployment",
      "about": "The same, as clients of 8.0 to 8.2 write it.",
      "query": ["timeout", "dry_run", "pretty", "filter_path"], "takes": "The documents.",
      "errors": ["400", "401", "403", "404", "501", "502", "504"]
    },
    "GET /_security/_authenticate": {
      "id": "authenticate", "about": "Who is calling.", "query": ["pretty", "filter_path"],
      "errors": ["400", "401"]
    },
    "GET /_security/user/_has_privileges": {
      "id": "getHasPrivileges", "about": "Whether the caller has privileges.",
      "query": ["pretty", "filter_path"], "errors": ["400", "401"]
    },
    "POST /_security/user/_has_privileges": {
      "id": "hasPrivileges", "about": "Whether the caller has privileges.",
      "query": ["pretty", "filter_path"], "needs": "The privileges.", "errors": ["400", "401"]
    },
    "PUT /_security/api_key": {
      "id": "putApiKey", "about": "Make an API key of the caller. The answer has its only secret.",
      "query": ["refresh", "pretty", "filter_path"], "needs": "What the key is to be."
    },
    "POST /_security/api_key": {
      "id": "createApiKey",
      "about": "Make an API key of the caller. The answer has its only secret.",
      "query": ["refresh", "pretty", "filter_path"], "needs": "What the key is to be."
    },
    "GET /_security/api_key": {
      "id": "getApiKey", "about": "List API keys, without their secrets.",
      "query": ["id", "name", "username", "realm_name", "owner", "active_only",
        "with_limited_by", "with_profile_uid", "pretty", "filter_path"],
      "errors": ["400", "401", "403", "404"]
    },
    "DELETE /_security/api_key": {
      "id": "invalidateApiKey", "about": "Let API keys work no more.",
      "query": ["pretty", "filter_path"], "needs": "Which keys."
    },
    "GET /": {
      "id": "info", "about": "What answers: name and version.",
      "query": ["pretty", "filter_path"]
    },
    "HEAD /": {"id": "ping", "about": "Whether it answers."},
    "GET /_cluster/health": {
      "id": "clusterHealth", "about": "The state of the cluster, as clients ask for it.",
      "query": ["timeout", "master_timeout", "level", "local", "wait_for_status",
        "wait_for_nodes", "wait_for_active_shards", "wait_for_events",
        "wait_for_no_initializing_shards", "wait_for_no_relocating_shards", "expand_wildcards",
        "cluster_manager_timeout", "pretty", "filter_path"]
    },
    "GET /_license": {
      "id": "getLicense", "about": "The licence that policies see.",
      "query": ["accept_enterprise", "local", "pretty", "filter_path"],
      "errors": ["400", "401", "403", "404"]
    },
    "GET /_xpack": {
      "id": "xpackInfo", "about": "Which features there are.",
      "query": ["accept_enterprise", "categories", "pretty", "filter_path"]
    },
    "GET /_ingest/pipeline": {
      "id": "getPipelines", "about": "List the ingest pipelines that name models.",
      "query": ["master_timeout", "summary", "dry_run", "pretty", "filter_path"]
    },
    "GET /_ingest/pipeline/{id}": {
      "id": "getPipeline", "about": "Get ingest pipelines.",
      "query": ["master_timeout", "summary", "dry_run", "pretty", "filter_path"],
      "errors": ["400", "401", "403", "404"]
    },
    "PUT /_ingest/pipeline/{id}": {
      "id": "putPipeline", "about": "Tell the registry of a pipeline that names models.",
      "query": ["master_timeout", "timeout", "dry_run", "pretty", "filter_path"],
      "needs": "The pipeline."
    },
    "DELETE /_ingest/pipeline/{id}": {
      "id": "deletePipeline", "about": "Forget a pipeline.",
      "query": ["master_timeout", "timeout", "dry_run", "pretty", "filter_path"],
      "errors": ["400", "401", "403", "404"]
    }
    }
    """#
}
