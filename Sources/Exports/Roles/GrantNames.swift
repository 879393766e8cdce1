import PolicyEngine

/// What a name that a role grants comes to in a rule file.
enum GrantMeaning {
  /// A privilege that the policies declare.
  case privilege(String)
  /// Patterns of actions.
  case actions([String])
  /// One of the system's own names, which reaches nothing that a registry of models has.
  case irrelevant
  /// A pattern of a kind that rule files do not have.
  case unsupported
  /// No name that the system knows.
  case unknown
}

/// The names that Elasticsearch's roles grant by.
enum ElasticsearchGrants {
  static func meaning(_ name: String, privileges: Set<String>) -> GrantMeaning {
    if privileges.contains(name) { return .privilege(name) }
    if let actions = translated[name] { return .actions(actions) }
    if others.contains(name) { return .irrelevant }
    guard prefixes.contains(where: { name.hasPrefix($0) }) else { return .unknown }
    // An action's name stands for all that begin with it.
    let pattern = name.hasSuffix("*") ? name : name + "*"
    return ActionPattern(pattern) == nil ? .unsupported : .actions([pattern])
  }

  private static let prefixes = [
    "cluster:", "indices:admin/template/", "indices:admin/index_template/",
  ]

  private static let translated: [String: [String]] = [
    "none": [],
    "manage_pipeline": ["cluster:admin/ingest/pipeline/*"],
    "manage_ingest_pipelines": ["cluster:admin/ingest/pipeline/*"],
    "read_pipeline": [
      "cluster:admin/ingest/pipeline/get", "cluster:admin/ingest/pipeline/simulate",
    ],
  ]

  /// Built-in privileges about other things than models.
  private static let others: Set<String> = [
    "cancel_task", "create_snapshot", "cross_cluster_replication", "cross_cluster_search",
    "delegate_pki", "grant_api_key", "manage_api_key", "manage_autoscaling",
    "manage_behavioral_analytics", "manage_ccr", "manage_connector",
    "manage_data_frame_transforms", "manage_data_stream_global_retention", "manage_enrich",
    "manage_ilm", "manage_index_templates", "manage_logstash_pipelines", "manage_oidc",
    "manage_own_api_key", "manage_rollup", "manage_saml", "manage_search_application",
    "manage_search_query_rules", "manage_search_synonyms", "manage_security",
    "manage_service_account", "manage_slm", "manage_token", "manage_transform",
    "manage_user_profile", "manage_watcher", "monitor_connector", "monitor_data_frame_transforms",
    "monitor_data_stream_global_retention", "monitor_enrich", "monitor_esql", "monitor_rollup",
    "monitor_snapshot", "monitor_stats", "monitor_text_structure", "monitor_transform",
    "monitor_watcher", "post_behavioral_analytics_event", "read_ccr", "read_connector_secrets",
    "read_fleet_secrets", "read_ilm", "read_security", "read_slm", "transport_client",
    "write_connector_secrets", "write_fleet_secrets",
  ]
}

/// The names that OpenSearch's roles grant by.
enum OpenSearchGrants {
  /// - Parameter groups: the site's action groups, which may hold each other.
  static func meaning(_ name: String, groups: [String: [String]]) -> GrantMeaning {
    var (patterns, isUnknown): ([String], Bool) = ([], false)
    var (pending, seen): ([String], Set<String>) = ([name], [])
    while let next = pending.popLast() {
      guard seen.insert(next).inserted else { continue }
      if let members = groups[next] ?? builtIn[next] {
        pending += members.reversed()
      } else if next.contains("?") || next.hasPrefix("/") {
        return .unsupported
      } else if next.contains(":") || next.contains("*") {
        guard ActionPattern(next) != nil else { return .unsupported }
        patterns.append(next)
      } else if !others.contains(next) {
        isUnknown = true
      }
    }
    if isUnknown { return .unknown }
    return patterns.isEmpty ? .irrelevant : .actions(patterns)
  }

  /// Action groups that every site has and that can reach models.
  private static let builtIn: [String: [String]] = [
    "unlimited": ["*"],
    "cluster_all": ["cluster:*"],
    "cluster_monitor": ["cluster:monitor/*"],
    "cluster_manage_pipelines": ["cluster:admin/ingest/pipeline/*"],
  ]

  /// Those that are about other things.
  private static let others: Set<String> = [
    "cluster_composite_ops", "cluster_composite_ops_ro", "cluster_manage_index_templates",
    "manage_snapshots",
  ]
}
