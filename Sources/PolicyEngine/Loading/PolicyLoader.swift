public import CEL

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads rule files from disk: the only part of the engine that touches the file system.
public enum PolicyLoader {
  /// The configuration of lint, which may stand among rule files and is none.
  package static let lintFile = "modelgate-lint.json"

  /// The rule files below a folder, by path: every `*.json` but schemas, tests, the configuration
  /// of lint and hidden files. A path of a file is that file alone.
  ///
  /// - Throws: `PolicyLoadError` if the folder can't be read or holds no rule file.
  public static func sources(at path: String) throws(PolicyLoadError) -> [PolicySource] {
    try sources(at: path, of: "rule", option: "--policies")
  }

  /// The same for files of another kind.
  ///
  /// - Parameter option: where people name the folder.
  package static func sources(
    at path: String, of kind: String, option: String
  ) throws(PolicyLoadError) -> [PolicySource] {
    let files = try paths(at: path, option: option) { isRuleFile($0) }
    guard !files.isEmpty else {
      throw failure(
        path, "no-files", "there is no \(kind) file in `\(path)`",
        help: "\(kind) files end in `.json`")
    }
    return try sources(files)
  }

  /// How the names of test documents end; they belong to no policy set.
  public static let testEnding = ".test.json"

  /// The test documents below a folder, by path: every `*.test.json` but hidden ones; none is no
  /// fault. A path of a file is that file alone.
  ///
  /// - Throws: `PolicyLoadError` if one can't be read.
  public static func testSources(at path: String) throws(PolicyLoadError) -> [PolicySource] {
    try sources(try paths(at: path) { $0.hasSuffix(testEnding) })
  }

  /// Path, size and time of change of every rule file and test document below a folder: for noticing
  /// that something has changed. Nothing is read, and what can't be looked at is left out.
  package static func stamps(at path: String) -> [String] {
    let files = (try? paths(at: path) { $0.hasSuffix(".json") }) ?? []
    return files.map { file in
      let attributes = try? FileManager.default.attributesOfItem(atPath: file)
      let size = attributes?[.size] as? Int ?? -1
      let date = attributes?[.modificationDate] as? Date
      return "\(file) \(size) \(date?.timeIntervalSince1970 ?? 0)"
    }
  }

  private static func sources(_ files: [String]) throws(PolicyLoadError) -> [PolicySource] {
    var sources: [PolicySource] = []
    var faults: [LoadDiagnostic] = []
    for file in files {
      do throws(PolicyLoadError) {
        sources.append(try source(file))
      } catch {
        faults += error.diagnostics
      }
    }
    guard faults.isEmpty else { throw PolicyLoadError(diagnostics: faults) }
    return sources
  }

  /// One rule file.
  ///
  /// - Throws: `PolicyLoadError` if it can't be read or is larger than `EngineLimits.fileBytes`.
  public static func source(_ path: String) throws(PolicyLoadError) -> PolicySource {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    if let size = attributes?[.size] as? Int, size > EngineLimits.fileBytes {
      throw failure(
        path, "too-large",
        "`\(path)` has \(size) bytes; a rule file may have \(EngineLimits.fileBytes)", help: nil)
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw failure(path, "unreadable", "`\(path)` can't be read", help: nil)
    }
    return PolicySource(name: path, bytes: [UInt8](data))
  }

  private static func failure(
    _ path: String, _ code: String, _ message: String, help: String?
  ) -> PolicyLoadError {
    PolicyLoadError(diagnostics: [
      LoadDiagnostic(
        code: code, message: message, help: help,
        position: SourcePosition(file: path, line: 1, column: 1), excerpt: "", severity: .error)
    ])
  }

  private static func paths(
    at path: String, option: String = "--policies", where isWanted: (String) -> Bool
  ) throws(PolicyLoadError) -> [String] {
    var isFolder = false
    guard exists(path, &isFolder) else {
      throw failure(
        path, "not-found", "there is no file or folder `\(path)`", help: "name it with `\(option)`")
    }
    guard isFolder else { return [path] }
    var found: [String] = []
    var folders = [path]
    while let folder = folders.popLast() {
      guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
        throw failure(folder, "unreadable", "the folder `\(folder)` can't be read", help: nil)
      }
      for name in names where !name.hasPrefix(".") {
        let child = folder.hasSuffix("/") ? folder + name : folder + "/" + name
        guard exists(child, &isFolder) else { continue }
        if isFolder {
          // A link to a folder above would never end.
          if !isLink(child) { folders.append(child) }
        } else if isWanted(name) {
          found.append(child)
        }
      }
    }
    // By bytes, so that the order is the same everywhere.
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Whether a file of this name is a rule file when it stands in a folder of them.
  private static func isRuleFile(_ name: String) -> Bool {
    name.hasSuffix(".json") && !name.hasSuffix(".schema.json") && !name.hasSuffix(testEnding)
      && name != lintFile
  }

  /// Whether a path below a folder is a rule file of it: for folders that are not on disk.
  package static func isRuleFile(_ path: String, below folder: String) -> Bool {
    guard path.hasPrefix(folder) else { return false }
    let parts = path.dropFirst(folder.count).split(separator: "/")
    return parts.allSatisfy { !$0.hasPrefix(".") }
      && parts.last.map { isRuleFile(String($0)) } ?? false
  }

  private static func exists(_ path: String, _ isFolder: inout Bool) -> Bool {
    FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
  }

  private static func isLink(_ path: String) -> Bool {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
  }
}

extension PolicySet {
  /// Loads the rule files below a folder (or one rule file).
  ///
  /// - Throws: `PolicyLoadError` with everything that is wrong.
  public convenience init(folder path: String) throws(PolicyLoadError) {
    try self.init(folder: path, cache: nil)
  }

  /// As above, taking over from an earlier load what has not changed since, and telling how far it
  /// has come.
  ///
  /// - Throws: `PolicyLoadError` with everything that is wrong.
  public convenience init(
    folder path: String, cache: PolicyCache?, progress: LoadProgress? = nil
  ) throws(PolicyLoadError) {
    try self.init(
      try PolicyLoader.sources(at: path), timeZones: .system, cache: cache, progress: progress)
  }
}

extension TimeZones {
  /// The time zone database of the system, if there is one. Read while a policy set is loaded,
  /// never while it decides.
  public static var system: TimeZones {
    let root = "/usr/share/zoneinfo"
    return TimeZones(
      read: { name in
        // Names are data: nothing in them may lead out of the database.
        guard !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else { return nil }
        return FileManager.default.contents(atPath: "\(root)/\(name)").map { [UInt8]($0) }
      },
      names: {
        let all = (try? FileManager.default.subpathsOfDirectory(atPath: root)) ?? []
        return all.filter { name in
          let first = name.utf8.first ?? 0
          return first >= 0x41 && first <= 0x5a && !name.hasSuffix(".tab")
        }.sorted()
      })
  }
}
