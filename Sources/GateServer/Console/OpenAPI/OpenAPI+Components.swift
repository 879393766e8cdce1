extension OpenAPI {
  /// Responses that operations have in common.
  static let responses = #"""
    {
     "AccessError": {
      "description": "The request can't be decided. The body is a message.",
      "content": {"application/json": {"schema": {"type": "string"}}}
     },
     "ConsoleError": {
      "description": "What is wrong, and what to do about it.",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ConsoleError"}}}
     },
     "RestError": {
      "description": "The error, as the system whose API this is writes it.",
      "content": {
       "application/json": {"schema": {"$ref": "#/components/schemas/RestError"}},
       "text/plain": {"schema": {"type": "string"}}
      }
     }
    }
    """#

  /// How callers prove who they are.
  static let securitySchemes = #"""
    {
     "basic": {"type": "http", "scheme": "basic"},
     "token": {"type": "http", "scheme": "bearer"},
     "apiKey": {
      "type": "apiKey",
      "in": "header",
      "name": "Authorization",
      "description": "ApiKey, a blank, and the key in Base64."
     }
    }
    """#

  /// Which credentials are taken.
  static let security = #"""
    [{"basic": []}, {"apiKey": []}, {"token": []}]
    """#

  /// Parameters of the queries of Elasticsearch and OpenSearch: type, and what they are for.
  static let parameters = #"""
    {
     "accept_enterprise": [{"type": "boolean"}, "Taken and without effect."],
     "active_only": [{"type": "boolean"}, "Only keys that work."],
     "allow_no_match": [{"type": "boolean"}, "Whether nothing that matches is no error."],
     "auth_type": [{"type": "string"}, "Taken and without effect."],
     "cache_size": [{"type": "string"}, "Size of the cache."],
     "categories": [{"type": "string"}, "Which parts, comma-separated."],
     "cluster_manager_timeout": [{"type": "string"}, "Taken and without effect."],
     "decompress_definition": [{"type": "boolean"}, "Taken and without effect: definitions are kept as they came."],
     "defer_definition_decompression": [{"type": "boolean"}, "Whether a definition may be missing."],
     "deploy": [{"type": "boolean"}, "Whether it shall run."],
     "deployment_id": [{"type": "string"}, "Its id. Default: the model's."],
     "dry_run": [{"type": "boolean"}, "Say what would happen, and do nothing."],
     "exclude_generated": [{"type": "boolean"}, "Leave out what the registry has added."],
     "expand_wildcards": [{"type": "string"}, "Taken and without effect."],
     "filter_path": [{"type": "string"}, "Which parts of the answer, comma-separated."],
     "flat_settings": [{"type": "boolean"}, "Names with dots instead of objects."],
     "force": [{"type": "boolean"}, "Although it is in use."],
     "from": [{"type": "integer", "minimum": 0}, "How many are skipped."],
     "id": [{"type": "string"}, "An id."],
     "include": [{"type": "string"}, "What else: definition, total_feature_importance, …"],
     "include_defaults": [{"type": "boolean"}, "Defaults, too."],
     "include_model_definition": [{"type": "boolean"}, "The older way to ask for the definition."],
     "level": [{"type": "string"}, "Taken and without effect."],
     "local": [{"type": "boolean"}, "Taken and without effect."],
     "master_timeout": [{"type": "string"}, "Taken and without effect."],
     "name": [{"type": "string"}, "A name, or the beginning of one and `*`."],
     "number_of_allocations": [{"type": "integer", "minimum": 1}, "How many allocations."],
     "owner": [{"type": "boolean"}, "Only what is the caller's."],
     "perform_permission_check": [{"type": "boolean"}, "The same, as OpenSearch calls it."],
     "pretty": [{"type": "boolean"}, "Laid out for people."],
     "priority": [{"enum": ["normal", "low"]}, "Its priority."],
     "queue_capacity": [{"type": "integer", "minimum": 1}, "How many calls may wait."],
     "realm_name": [{"type": "string"}, "Where owners are kept: `users`."],
     "reassign": [{"type": "boolean"}, "Whether an alias that exists may be moved."],
     "refresh": [{"type": "string"}, "Taken and without effect: what is answered is in force."],
     "return_content": [{"type": "boolean"}, "Taken and without effect."],
     "size": [{"type": "integer", "minimum": 0}, "How many at most."],
     "summary": [{"type": "boolean"}, "Only names."],
     "tags": [{"type": "string"}, "Only models with all of these tags, comma-separated."],
     "threads_per_allocation": [{"type": "integer", "minimum": 1}, "Threads of each."],
     "timeout": [{"type": "string"}, "How long to wait."],
     "username": [{"type": "string"}, "Whose."],
     "verbose": [{"type": "boolean"}, "Taken and without effect."],
     "wait_for": [{"type": "string"}, "State to wait for."],
     "wait_for_active_shards": [{"type": "string"}, "Taken and without effect."],
     "wait_for_completion": [{"type": "boolean"}, "Taken and without effect."],
     "wait_for_events": [{"type": "string"}, "Taken and without effect."],
     "wait_for_no_initializing_shards": [{"type": "boolean"}, "Taken and without effect."],
     "wait_for_no_relocating_shards": [{"type": "boolean"}, "Taken and without effect."],
     "wait_for_nodes": [{"type": "string"}, "Taken and without effect."],
     "wait_for_status": [{"type": "string"}, "State to wait for."],
     "with_limited_by": [{"type": "boolean"}, "Refused if true."],
     "with_profile_uid": [{"type": "boolean"}, "Refused if true."]
    }
    """#
}
