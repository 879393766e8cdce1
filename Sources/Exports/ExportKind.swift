import CEL

/// What a file of an export is: the answer to which request.
public enum ExportKind: String, Sendable, CaseIterable {
  case trainedModels = "GET _ml/trained_models"
  case trainedModelStats = "GET _ml/trained_models/_stats"
  case modelAliases = "GET _cluster/state/metadata"
  case pipelines = "GET _ingest/pipeline"
  case license = "GET _license"
  case elasticsearchUsers = "GET _security/user"
  case elasticsearchRoles = "GET _security/role"
  case elasticsearchRoleMappings = "GET _security/role_mapping"
  case search = "POST _plugins/_ml/model_groups/_search or models/_search"
  case settings = "GET _cluster/settings"
  case internalUsers = "GET _plugins/_security/api/internalusers"
  case openSearchRoles = "GET _plugins/_security/api/roles"
  case rolesMapping = "GET _plugins/_security/api/rolesmapping"
  case actionGroups = "GET _plugins/_security/api/actiongroups"

  /// The system that answers it.
  public var system: ExportSystem {
    switch self {
    case .trainedModels, .trainedModelStats, .modelAliases, .pipelines, .license,
      .elasticsearchUsers, .elasticsearchRoles, .elasticsearchRoleMappings:
      .elasticsearch
    case .search, .settings, .internalUsers, .openSearchRoles, .rolesMapping, .actionGroups:
      .opensearch
    }
  }

  /// The kind of a file by what is in it; nil if it is none of this system's.
  init?(_ reader: ExportReader, of system: ExportSystem) {
    let found =
      system == .elasticsearch ? Self.elasticsearch(reader) : Self.openSearch(reader)
    guard let found else { return nil }
    self = found
  }

  private static func elasticsearch(_ reader: ExportReader) -> ExportKind? {
    let root = reader.root
    if reader.member("trained_model_configs", of: root) != nil { return .trainedModels }
    if reader.member("trained_model_stats", of: root) != nil { return .trainedModelStats }
    if reader.aliasMetadata != nil { return .modelAliases }
    if reader.member("license", of: root) != nil { return .license }
    return reader.kind(ofEntries: [
      (.elasticsearchRoleMappings, ["rules"]), (.pipelines, ["processors"]),
      (.elasticsearchUsers, ["username", "roles"]),
      (.elasticsearchRoles, ["cluster"]),
      (.elasticsearchRoles, ["indices"]), (.elasticsearchRoles, ["applications"]),
    ])
  }

  private static func openSearch(_ reader: ExportReader) -> ExportKind? {
    let root = reader.root
    if reader.member("hits", of: root) != nil { return .search }
    if reader.member("persistent", of: root) != nil || reader.member("transient", of: root) != nil {
      return .settings
    }
    return reader.kind(ofEntries: [
      (.openSearchRoles, ["cluster_permissions"]), (.actionGroups, ["allowed_actions"]),
      (.internalUsers, ["hash"]), (.internalUsers, ["opendistro_security_roles"]),
      (.internalUsers, ["attributes"]), (.rolesMapping, ["hosts"]), (.rolesMapping, ["users"]),
      (.rolesMapping, ["and_backend_roles"]), (.rolesMapping, ["backend_roles"]),
      (.openSearchRoles, ["index_permissions"]),
    ])
  }
}
