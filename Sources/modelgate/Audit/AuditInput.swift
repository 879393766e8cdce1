#if CLI
  import ArgumentParser
  import CEL
  import Exports
  import ModelRegistry
  import PolicyEngine

  #if SQLite
    import SQLiteStore
  #endif

  /// What is audited, and by which policies.
  struct AuditInput {
    /// The policies, with the export's own roles and mappings beside them.
    let policies: PolicySet
    /// The export, if it is one.
    let export: RegistryExport?
    /// Today's users, if the export has them.
    let users: [String: Request.Entity]?
    /// What somebody should know about the input.
    let notes: [LoadDiagnostic]
    /// The registry's file, if it is one.
    private let path: String?

    /// Reads everything but the registry itself.
    ///
    /// - Throws: `PolicyLoadError` if policies or exports can't be used.
    init(_ command: AuditCommand) throws(PolicyLoadError) {
      let sources = try PolicyLoader.sources(at: command.policies.policies ?? "policies")
      let set = try PolicySet(sources, timeZones: .system)
      let (files, system): ([String], ExportSystem) =
        command.opensearch.isEmpty
        ? (command.elasticsearch, .elasticsearch) : (command.opensearch, .opensearch)
      guard !files.isEmpty else {
        (policies, export, users, notes) = (set, nil, nil, [])
        path = command.data ?? System.environment("MODELGATE_DATA")
        return
      }
      let export = try RegistryExport(try Self.answers(files), of: system)
      let roles = RoleImport(export, beside: set, name: "imported roles")
      policies =
        roles.isEmpty ? set : try PolicySet(sources + [roles.document], timeZones: .system)
      (self.export, path) = (export, nil)
      users = export.users?.mapValues { Self.without(roles.refused, $0) }
      notes = export.notes + roles.notes
    }

    /// A user without roles that are other ones here.
    private static func without(_ refused: Set<String>, _ user: Request.Entity) -> Request.Entity {
      guard case .list(let roles)? = user.properties["roles"] else { return user }
      var user = user
      user.properties["roles"] = .list(
        roles.filter {
          if case .string(let name) = $0 { !refused.contains(name) } else { true }
        })
      return user
    }

    /// The files of an export, each read once.
    static func answers(_ paths: [String]) throws(PolicyLoadError) -> [PolicySource] {
      var (sources, faults): ([PolicySource], [LoadDiagnostic]) = ([], [])
      for path in paths {
        do throws(PolicyLoadError) {
          sources.append(try PolicyLoader.source(path))
        } catch {
          faults += error.diagnostics
        }
      }
      guard faults.isEmpty else { throw PolicyLoadError(diagnostics: faults) }
      return sources
    }

    /// Whether everything that the system has is in the input, as far as it says.
    var isComplete: Bool { !notes.contains { $0.code == "partial-export" } }

    /// Reads one state of the registry.
    func read<Result>(
      _ body: (any StoreSnapshot, AuditInput) throws -> Result
    ) throws -> Result {
      if let export { return try body(MemoryStore.snapshot(of: export.records), self) }
      #if SQLite
        return try SQLiteStore.inspect(path: path ?? "") { try body($0, self) }
      #else
        throw ValidationError("This modelgate was built without the store: audit an export.")
      #endif
    }

    /// Where something stands: in an export, or in the registry's file as such.
    func position(of key: RecordKey) -> SourcePosition {
      export?.places[key] ?? SourcePosition(file: path ?? "registry", line: 1, column: 1)
    }
  }
#endif
