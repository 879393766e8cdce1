extension Route {
  /// Every path that is served. Among the methods of one path, the order is that of the table.
  static let table: RouteTable<Route> = {
    var table = RouteTable<Route>()
    addModels(to: &table)
    addDeployments(to: &table)
    addSecurity(to: &table)
    addKeys(to: &table)
    addCluster(to: &table)
    return table
  }()

  private static func addModels(to table: inout RouteTable<Route>) {
    let get = Route(
      "cluster:monitor/xpack/ml/inference/get", Exchange.getModelsParameters
    ) { exchange throws(ErrorBody) in try exchange.getModels() }
    table.add("GET", "/_ml/trained_models", get)
    table.add("GET", "/_ml/trained_models/{model_id}", get)
    let stats = Route(
      "cluster:monitor/xpack/ml/inference/stats/get", Exchange.getStatsParameters
    ) { exchange throws(ErrorBody) in try exchange.getModelStats() }
    table.add("GET", "/_ml/trained_models/_stats", stats)
    table.add("GET", "/_ml/trained_models/{model_id}/_stats", stats)
    table.add(
      "PUT", "/_ml/trained_models/{model_id}",
      Route(
        "cluster:admin/xpack/ml/inference/put",
        ["defer_definition_decompression", "wait_for_completion"], takesBody: true
      ) { exchange throws(ErrorBody) in try exchange.putModel() })
    table.add(
      "DELETE", "/_ml/trained_models/{model_id}",
      Route("cluster:admin/xpack/ml/inference/delete", ["force", "timeout"]) {
        exchange throws(ErrorBody) in try exchange.deleteModel()
      })
    table.add(
      "PUT", "/_ml/trained_models/{model_id}/definition/{part}",
      Route("cluster:admin/xpack/ml/trained_models/part/put", takesBody: true) {
        exchange throws(ErrorBody) in try exchange.putDefinitionPart()
      })
    let alias = "/_ml/trained_models/{model_id}/model_aliases/{model_alias}"
    table.add(
      "PUT", alias,
      Route("cluster:admin/xpack/ml/inference/model_aliases/put", ["reassign"]) {
        exchange throws(ErrorBody) in try exchange.putAlias()
      })
    table.add(
      "DELETE", alias,
      Route("cluster:admin/xpack/ml/inference/model_aliases/delete") {
        exchange throws(ErrorBody) in try exchange.deleteAlias()
      })
  }

  private static func addDeployments(to table: inout RouteTable<Route>) {
    let deployment = "/_ml/trained_models/{model_id}/deployment"
    table.add(
      "POST", "\(deployment)/_start",
      Route(
        "cluster:admin/xpack/ml/trained_models/deployment/start", Exchange.startParameters,
        takesBody: true
      ) { exchange throws(ErrorBody) in try exchange.startDeployment() })
    table.add(
      "POST", "\(deployment)/_stop",
      Route(
        "cluster:admin/xpack/ml/trained_models/deployment/stop",
        ["allow_no_match", "force", "timeout"], takesBody: true
      ) { exchange throws(ErrorBody) in try exchange.stopDeployment() })
    table.add(
      "POST", "\(deployment)/_update",
      Route(
        "cluster:admin/xpack/ml/trained_models/deployment/update", ["number_of_allocations"],
        takesBody: true
      ) { exchange throws(ErrorBody) in try exchange.updateDeployment() })
    let infer = Route(
      "cluster:monitor/xpack/ml/inference/infer", ["timeout"], takesBody: true
    ) { exchange throws(ErrorBody) in try exchange.infer() }
    table.add("POST", "/_ml/trained_models/{model_id}/_infer", infer)
    // The path that clients of 8.0 to 8.2 use.
    table.add("POST", "\(deployment)/_infer", infer)
  }

  private static func addSecurity(to table: inout RouteTable<Route>) {
    table.add(
      "GET", "/_security/_authenticate",
      Route("cluster:admin/xpack/security/user/authenticate", canBeRehearsed: false) {
        exchange throws(ErrorBody) in try exchange.authenticate()
      })
    let privileges = Route(
      "cluster:admin/xpack/security/user/has_privileges", takesBody: true, canBeRehearsed: false
    ) { exchange throws(ErrorBody) in try exchange.hasPrivileges() }
    table.add("GET", "/_security/user/_has_privileges", privileges)
    table.add("POST", "/_security/user/_has_privileges", privileges)
  }

  private static func addKeys(to table: inout RouteTable<Route>) {
    let actions = "cluster:admin/xpack/security/api_key/"
    let create = Route(
      actions + "create", ["refresh"], takesBody: true, canBeRehearsed: false
    ) { exchange throws(ErrorBody) in try exchange.createKey() }
    table.add("PUT", "/_security/api_key", create)
    table.add("POST", "/_security/api_key", create)
    table.add(
      "GET", "/_security/api_key",
      Route(
        actions + "get",
        [
          "id", "name", "username", "realm_name", "owner", "active_only", "with_limited_by",
          "with_profile_uid",
        ], canBeRehearsed: false
      ) { exchange throws(ErrorBody) in try exchange.getKeys() })
    table.add(
      "DELETE", "/_security/api_key",
      Route(actions + "invalidate", takesBody: true, canBeRehearsed: false) {
        exchange throws(ErrorBody) in try exchange.invalidateKeys()
      })
  }

  private static func addCluster(to table: inout RouteTable<Route>) {
    let main = Route("cluster:monitor/main", canBeRehearsed: false) {
      exchange throws(ErrorBody) in try exchange.main()
    }
    table.add("GET", "/", main)
    table.add("HEAD", "/", main)
    table.add(
      "GET", "/_cluster/health",
      Route("cluster:monitor/health", Exchange.healthParameters, canBeRehearsed: false) {
        exchange throws(ErrorBody) in try exchange.clusterHealth()
      })
    table.add(
      "GET", "/_license",
      Route(
        "cluster:monitor/xpack/license/get", ["accept_enterprise", "local"], canBeRehearsed: false
      ) { exchange throws(ErrorBody) in try exchange.license() })
    table.add(
      "GET", "/_xpack",
      Route(
        "cluster:monitor/xpack/info", ["accept_enterprise", "categories"], canBeRehearsed: false
      ) { exchange throws(ErrorBody) in try exchange.xpack() })
    let getPipelines = Route(
      "cluster:admin/ingest/pipeline/get", ["master_timeout", "summary"]
    ) { exchange throws(ErrorBody) in try exchange.getPipelines() }
    table.add("GET", "/_ingest/pipeline", getPipelines)
    table.add("GET", "/_ingest/pipeline/{id}", getPipelines)
    table.add(
      "PUT", "/_ingest/pipeline/{id}",
      Route(
        "cluster:admin/ingest/pipeline/put", ["master_timeout", "timeout"], takesBody: true
      ) { exchange throws(ErrorBody) in try exchange.putPipeline() })
    table.add(
      "DELETE", "/_ingest/pipeline/{id}",
      Route("cluster:admin/ingest/pipeline/delete", ["master_timeout", "timeout"]) {
        exchange throws(ErrorBody) in try exchange.deletePipeline()
      })
  }
}
