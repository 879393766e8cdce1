#if Server
  import CEL
  import PolicyEngine

  /// Reads a file of records and notes everything that is wrong in it.
  ///
  /// A file in which anything is wrong is not used: a user without a role that was misspelled, or a
  /// key without its expiry, would be another one than was meant.
  struct TableReader {
    private var reader: DocumentReader
    private let file: String

    init(_ bytes: [UInt8], file: String) throws(FileFault) {
      self.file = file
      do throws(LoadDiagnostic) {
        reader = DocumentReader(
          try SourceFile(reading: PolicySource(name: file, bytes: bytes), index: 0))
      } catch {
        throw FileFault(invalid: file, [error])
      }
    }

    /// The members of the outermost object, whose `version` must be 1.
    mutating func document(_ names: [String]) -> Members {
      let members =
        reader.members(
          of: reader.tape.root, "the file", known: ["$schema", "version"] + names,
          required: ["version", names[0]]) ?? Members([])
      _ = reader.integer(members["version"], "version", 1...1)
      _ = reader.string(members["$schema"], "$schema")
      return members
    }

    mutating func members(of node: Int, _ what: String, known: [String], required: [String] = [])
      -> Members?
    {
      reader.members(of: node, what, known: known, required: required)
    }

    mutating func entries(of node: Int?, _ what: String) -> [(name: String, key: Int, value: Int)] {
      reader.entries(of: node, what)
    }

    mutating func string(_ node: Int?, _ what: String) -> String? { reader.string(node, what) }

    mutating func bool(_ node: Int?, _ what: String) -> Bool? { reader.bool(node, what) }

    /// Milliseconds since the Unix epoch.
    mutating func time(_ node: Int?, _ what: String) -> Int64? {
      reader.integer(node, what, 0...(1 << 53)).map { Int64($0) }
    }

    func value(of node: Int) -> CELValue { reader.tape.value(of: node) }

    mutating func report(_ code: String, _ message: String, at node: Int, help: String? = nil) {
      reader.report(code, message, at: node, help: help)
    }

    mutating func expect(_ isSo: Bool, _ what: String, _ limit: Int, _ node: Int) {
      if !isSo { report("too-many", "there are more than \(limit) \(what)", at: node) }
    }

    mutating func expectName(_ name: String, _ node: Int, _ what: String) {
      if let fault = Naming.fault(name) {
        report("invalid-name", "`\(name)` can't be the name of \(what): \(fault)", at: node)
      }
    }

    /// Names of roles, each once.
    mutating func names(_ node: Int?, _ what: String) -> [String] {
      var names: [String] = []
      for named in reader.strings(node, what) {
        expectName(named.name, named.node, "a role")
        if !names.contains(where: { $0.utf8.elementsEqual(named.name.utf8) }) {
          names.append(named.name)
        }
      }
      if let node {
        let limit = AuthenticationLimits.namesPerList
        expect(names.count <= limit, "names in `\(what)`", limit, node)
      }
      return names
    }

    /// Names of users whom somebody may act as.
    mutating func runAs(_ node: Int?) -> [String] {
      let names = names(node, "run_as")
      if names.contains(where: { $0.contains("*") }), let node {
        report(
          "invalid-name", "`run_as` can't hold a pattern", at: node,
          help: "name each user whom this one may act as")
      }
      return names
    }

    mutating func hash(_ node: Int) -> PasswordHash? {
      guard let text = string(node, "password_hash") else { return nil }
      do throws(PasswordFault) {
        return try PasswordHash(text)
      } catch {
        // Not shown: what stands there may be a password.
        report("invalid-hash", "`password_hash` can't be used: \(error)", at: node)
        return nil
      }
    }

    mutating func attribute(_ name: String, _ key: Int, _ value: Int) -> CELValue {
      expectName(name, key, "an attribute")
      if Naming.reservedAttributes.contains(name) {
        report(
          "reserved-attribute",
          "`\(name)` can't be an attribute: policies know it as something else",
          at: key)
      }
      return reader.tape.value(of: value)
    }

    /// - Throws: `FileFault` if anything was reported.
    func finish() throws(FileFault) {
      guard reader.diagnostics.isEmpty else {
        throw FileFault(invalid: file, reader.diagnostics.map(\.withoutSecrets))
      }
    }
  }

  extension LoadDiagnostic {
    /// The same without the line, if that holds a hash: messages end up in logs.
    fileprivate var withoutSecrets: LoadDiagnostic {
      guard excerpt.contains("$") || excerpt.contains("secret") || excerpt.contains("hash") else {
        return self
      }
      return LoadDiagnostic(
        code: code, message: message, help: help, position: position, severity: severity)
    }
  }
#endif
