import CEL
public import ModelRegistry
public import PolicyEngine

/// The system that an export comes from.
public enum ExportSystem: String, Sendable, CaseIterable {
  case elasticsearch, opensearch

  /// As people write it.
  public var title: String { self == .elasticsearch ? "Elasticsearch" : "OpenSearch" }
}

/// What Elasticsearch and OpenSearch answer about their models, users and roles, read as records of a
/// registry, as users and as a policy document: for audits and for moving over.
///
/// ```swift
/// let export = try RegistryExport(files, of: .opensearch)
/// let imported = try export.roles(against: shippedSources)
/// ```
///
/// Each file is one answer, as it came; which one it is is seen by what is in it (`ExportKind`).
/// Members that are not needed are passed over. Anything that is needed and not as it should be is
/// an error with its place: an audit of half an export would say that the other half is fine.
public struct RegistryExport: Sendable {
  /// Where it comes from.
  public let system: ExportSystem
  /// Models, aliases, deployments, groups, pipelines and settings.
  public internal(set) var records: [Record] = []
  /// Where each record stands.
  public internal(set) var places: [RecordKey: SourcePosition] = [:]
  /// Today's users by name; nil if no file lists them.
  public internal(set) var users: [String: Request.Entity]?
  /// What came with the system itself, which nobody made.
  public internal(set) var packaged: Set<RecordKey> = []
  /// What somebody should know about the files: that they are not everything, for one.
  public internal(set) var notes: [LoadDiagnostic] = []
  /// Roles, in the order of their names' bytes.
  public internal(set) var roles: [ExportedRole] = []
  /// Who gets a role, in the order of the files.
  public internal(set) var mappings: [ExportedMapping] = []
  /// Names that stand for permissions.
  var actionGroups: [String: [String]] = [:]
  /// Where each record is in `records`.
  private var indexes: [RecordKey: Int] = [:]
  /// How much of each list was in the files.
  var pages = ExportPages()
  /// What each file is, by its name.
  public private(set) var files: [String: ExportKind] = [:]

  /// Reads the answers in these files.
  ///
  /// - Throws: `PolicyLoadError` with everything that is wrong with any of them.
  public init(_ sources: [PolicySource], of system: ExportSystem) throws(PolicyLoadError) {
    self.system = system
    var diagnostics: [LoadDiagnostic] = []
    for (index, source) in sources.enumerated() {
      do throws(LoadDiagnostic) {
        let file = try SourceFile(reading: source, index: index)
        var reader = ExportReader(file)
        read(&reader)
        diagnostics += reader.diagnostics
      } catch {
        diagnostics.append(error)
      }
    }
    guard !diagnostics.contains(where: { $0.severity == .error }) else {
      throw PolicyLoadError(diagnostics: diagnostics)
    }
    notes = diagnostics + pages.notes
    roles.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  private mutating func read(_ reader: inout ExportReader) {
    guard let kind = ExportKind(reader, of: system) else {
      return reader.reportUnknown(system)
    }
    files[reader.file.name] = kind
    switch kind {
    case .trainedModels: readTrainedModels(&reader)
    case .trainedModelStats: readStats(&reader)
    case .modelAliases: readAliases(&reader)
    case .pipelines: readPipelines(&reader)
    case .license: readLicense(&reader)
    case .elasticsearchUsers: readElasticsearchUsers(&reader)
    case .elasticsearchRoles: readElasticsearchRoles(&reader)
    case .elasticsearchRoleMappings: readElasticsearchMappings(&reader)
    case .search: readHits(&reader)
    case .settings: readSettings(&reader)
    case .internalUsers: readInternalUsers(&reader)
    case .openSearchRoles: readOpenSearchRoles(&reader)
    case .rolesMapping: readRolesMapping(&reader)
    case .actionGroups: readActionGroups(&reader)
    }
  }

  /// Adds a record that stands at a node; two of one key that differ are an error.
  mutating func add(_ record: Record, at node: Int, _ reader: inout ExportReader) {
    let key = record.key
    guard let known = indexes[key] else {
      indexes[key] = records.count
      places[key] = reader.file.position(ofNode: node)
      return records.append(record)
    }
    // An alias is listed with its model and may stand in the cluster's state as well.
    if records[known] != record {
      reader.report(
        "duplicate-record", "\(key.words) is described twice, in different ways", at: node,
        help: places[key].map { "it stands first at \($0)" })
    }
  }
}
