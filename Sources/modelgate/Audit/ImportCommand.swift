#if CLI
  import ArgumentParser
  import CEL
  import Exports
  import PolicyEngine

  #if canImport(FoundationEssentials)
    import FoundationEssentials
  #else
    import Foundation
  #endif

  /// `modelgate import`: roles and mappings of another system as a rule file.
  struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "import",
      abstract: "Turn exported roles and role mappings into a rule file.",
      discussion: """
        The files are what the system answers, one answer a file. The rule file goes into the folder of -o, and is \
        written only if it loads together with the policies. Roles that these declare already are not repeated. \
        What a rule file can't say (index privileges, hosts, patterns of users) is left out and told; nothing is \
        ever widened.

        EXAMPLES
          modelgate import --elasticsearch-roles roles.json --users users.json -o site
          modelgate import --opensearch-roles roles.json --opensearch-roles-mapping mapping.json -o site

        EXIT STATUS
          0   the rule file is written
          1   a file can't be used, or the rule file would not load, or is there already
          3   it is written, something was not taken, and --strict is given
          64  wrong usage
        """)

    @Option(
      help: ArgumentHelp(ExportKind.elasticsearchRoles.rawValue, valueName: "file"),
      completion: .file(extensions: ["json"]))
    var elasticsearchRoles: String?

    @Option(
      help: ArgumentHelp(ExportKind.elasticsearchRoleMappings.rawValue, valueName: "file"),
      completion: .file(extensions: ["json"]))
    var elasticsearchRoleMapping: String?

    @Option(
      help: ArgumentHelp(ExportKind.openSearchRoles.rawValue, valueName: "file"),
      completion: .file(extensions: ["json"]))
    var opensearchRoles: String?

    @Option(
      help: ArgumentHelp(ExportKind.rolesMapping.rawValue, valueName: "file"),
      completion: .file(extensions: ["json"]))
    var opensearchRolesMapping: String?

    @Option(
      help: ArgumentHelp(ExportKind.actionGroups.rawValue, valueName: "file"),
      completion: .file(extensions: ["json"]))
    var opensearchActionGroups: String?

    @Option(
      help: ArgumentHelp("The system's users, whose own roles are mapped.", valueName: "file"),
      completion: .file(extensions: ["json"]))
    var users: String?

    @Option(
      name: .shortAndLong,
      help: ArgumentHelp("The folder for the rule file.", valueName: "dir"),
      completion: .directory)
    var output: String

    @OptionGroup var policies: PolicyOptions

    @Flag(help: "Replace a rule file that is there already.")
    var force = false

    @Flag(help: "End with 3 if something was not taken.")
    var strict = false

    @OptionGroup var format: FormatOptions

    private var isOpenSearch: Bool {
      opensearchRoles != nil || opensearchRolesMapping != nil || opensearchActionGroups != nil
    }
    private var isElasticsearch: Bool {
      elasticsearchRoles != nil || elasticsearchRoleMapping != nil
    }

    /// The files and what each has to be.
    private var files: [(path: String, kind: ExportKind)] {
      let all: [(String?, ExportKind)] = [
        (elasticsearchRoles, .elasticsearchRoles),
        (elasticsearchRoleMapping, .elasticsearchRoleMappings),
        (opensearchRoles, .openSearchRoles), (opensearchRolesMapping, .rolesMapping),
        (opensearchActionGroups, .actionGroups),
        (users, isOpenSearch ? .internalUsers : .elasticsearchUsers),
      ]
      return all.compactMap { path, kind in path.map { ($0, kind) } }
    }

    func validate() throws {
      if isElasticsearch, isOpenSearch {
        throw ValidationError("Import from one system at a time.")
      }
      if elasticsearchRoles == nil, opensearchRoles == nil {
        throw ValidationError("Give --elasticsearch-roles or --opensearch-roles.")
      }
    }

    func run() throws {
      let console = Console()
      var notes: [LoadDiagnostic] = []
      do throws(PolicyLoadError) {
        let system = isOpenSearch ? ExportSystem.opensearch : .elasticsearch
        let path = Self.path(output, system)
        guard force || !FileManager.default.fileExists(atPath: path) else {
          throw Self.failure(
            path, "exists", "there is a file `\(path)` already",
            help: "replace it with --force, or name another folder")
        }
        let export = try read(system)
        // A file that is replaced does not count beside what replaces it.
        let sources = try PolicyLoader.sources(at: policies.policies ?? "policies").filter {
          !Self.isSame($0.name, path)
        }
        let beside = try PolicySet(sources, timeZones: .system)
        let imported = RoleImport(export, beside: beside, name: path)
        _ = try PolicySet(sources + [imported.document], timeZones: .system)
        try Self.write(imported.document, in: output)
        notes = export.notes + imported.notes
        tell(imported, notes, path, console)
        console.flush()
      } catch {
        console.report(
          error.diagnostics.map { Finding($0) }, as: format.format, pretty: format.pretty)
        console.flush()
        throw ExitCode(Status.unusable)
      }
      if strict, !notes.isEmpty { throw ExitCode(Status.warned) }
    }

    // MARK: Files

    private func read(_ system: ExportSystem) throws(PolicyLoadError) -> RegistryExport {
      let export = try RegistryExport(
        try AuditInput.answers(files.map(\.path)), of: system)
      var faults: [LoadDiagnostic] = []
      for (path, kind) in files {
        guard let found = export.files[path], found != kind else { continue }
        faults +=
          Self.failure(
            path, "wrong-export", "this is the answer to `\(found.rawValue)`",
            help: "the option takes the answer to `\(kind.rawValue)`"
          ).diagnostics
      }
      guard faults.isEmpty else { throw PolicyLoadError(diagnostics: faults) }
      return export
    }

    private static func path(_ folder: String, _ system: ExportSystem) -> String {
      (folder.hasSuffix("/") ? folder : folder + "/") + "\(system.rawValue)_roles.json"
    }

    private static func isSame(_ one: String, _ other: String) -> Bool {
      URL(fileURLWithPath: one).standardizedFileURL.path
        == URL(fileURLWithPath: other).standardizedFileURL.path
    }

    private static func write(
      _ document: PolicySource, in folder: String
    ) throws(PolicyLoadError) {
      do {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
        try Data(document.bytes).write(
          to: URL(fileURLWithPath: document.name), options: .atomic)
      } catch {
        throw failure(
          document.name, "unwritable", "`\(document.name)` can't be written: \(error)", help: nil)
      }
    }

    private static func failure(
      _ path: String, _ code: String, _ message: String, help: String?
    ) -> PolicyLoadError {
      PolicyLoadError(diagnostics: [
        LoadDiagnostic(
          code: code, message: message, help: help,
          position: SourcePosition(file: path, line: 1, column: 1))
      ])
    }

    // MARK: Telling

    private func tell(
      _ imported: RoleImport, _ notes: [LoadDiagnostic], _ path: String, _ console: Console
    ) {
      switch format.format {
      case .text:
        for note in notes { console.error(Finding(note).text(console.errorStyle)) }
        console.line("wrote \(console.style.bold(path.shown))")
        for (words, names) in [
          ("roles taken", imported.roles), ("roles mapped", imported.mapped),
          ("roles that the policies declare already", imported.declared),
        ] where !names.isEmpty {
          console.paragraph(
            "  \(words): ", column: words.count + 4, indent: 4,
            names.joined(separator: ", ").shown)
        }
        if !notes.isEmpty { console.line("  \(plural(notes.count, "thing")) not taken as it was") }
      case .json:
        var writer = JSONWriter(format.pretty ? .pretty : .compact)
        writer.beginObject()
        writer.member("file", path)
        for (name, names) in [
          ("roles", imported.roles), ("mapped", imported.mapped), ("declared", imported.declared),
        ] {
          writer.name(name)
          writer.beginArray()
          for name in names { writer.value(name) }
          writer.endArray()
        }
        writer.name("notes")
        writer.beginArray()
        for note in notes { Finding(note).write(to: &writer) }
        writer.endArray()
        writer.endObject()
        console.document(writer)
      }
    }
  }
#endif
