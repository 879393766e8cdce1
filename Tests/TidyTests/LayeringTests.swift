import Testing

/// Imports run one way, and the modules that people embed need the toolchain alone.
@Suite struct LayeringTests {
  static let allowed: [String: Set<String>] = [
    "CEL": [],
    "PolicyEngine": ["CEL", "Dispatch", "FoundationEssentials", "Foundation", "Synchronization"],
    "Compliance": ["CEL", "PolicyEngine"],
    "PolicyGate": ["CEL", "PolicyEngine", "Synchronization"],
    "ModelRegistry": ["CEL", "PolicyEngine", "PolicyGate", "Synchronization"],
    "Exports": ["CEL", "PolicyEngine", "ModelRegistry"],
    "SQLiteStore": [
      "CEL", "PolicyEngine", "PolicyGate", "ModelRegistry", "GRDB", "GRDBSQLite", "Crypto",
      "Foundation", "Dispatch", "Synchronization", "Glibc", "Musl", "Darwin",
    ],
    "LogAudit": ["PolicyEngine", "PolicyGate", "Crypto", "Foundation", "Glibc", "Musl", "Darwin"],
    "GateServer": ["CEL", "PolicyEngine", "PolicyGate", "ModelRegistry", "Synchronization"],
    "Authentication": [
      "CEL", "PolicyEngine", "GateServer", "Crypto", "CryptoExtras", "JWTKit", "CCrypt",
      "Foundation", "Dispatch", "Synchronization", "Glibc", "Musl", "Darwin",
    ],
    "HTTPTransport": [
      "GateServer", "HummingbirdCore", "NIOCore", "NIOPosix", "NIOSSL",
      "NIOHTTP1", "NIOHTTPCompression", "X509", "SwiftASN1", "Logging", "Tracing",
      "ServiceLifecycle",
      "Synchronization",
    ],
    "modelgate": [
      "CEL", "PolicyEngine", "Compliance", "PolicyGate", "ModelRegistry", "Exports",
      "SQLiteStore", "LogAudit", "GateServer", "Authentication", "HTTPTransport", "Configuration",
      "ServiceLifecycle", "UnixSignals", "Logging", "AsyncHTTPClient", "NIOCore", "NIOHTTP1",
      "ArgumentParser", "Subprocess",
      "Foundation", "FoundationEssentials", "Glibc", "Musl",
      "Darwin", "Dispatch", "Synchronization",
    ],
  ]

  static func imports(_ file: Tree.File) -> [String] {
    file.lines.compactMap { line in
      let words = line.split(separator: " ")
      guard let place = words.firstIndex(of: "import"), place < words.count - 1,
        !line.contains("//")
      else { return nil }
      let before = words[..<place]
      guard
        before.allSatisfy({
          ["public", "package", "internal", "private", "fileprivate"].contains($0)
            || $0.hasPrefix("@")
        })
      else { return nil }
      return String(words[words.count - 1])
    }
  }

  @Test(arguments: Array(allowed.keys).sorted())
  func importsOnlyWhatItMay(_ module: String) {
    let files = Tree.files("Sources/\(module)", ".swift")
    #expect(!files.isEmpty)
    for file in files {
      for name in Self.imports(file) where !(Self.allowed[module] ?? []).contains(name) {
        Issue.record("\(file.path) imports \(name)")
      }
    }
  }

  @Test func everyModuleIsListed() {
    let modules = Set(
      Tree.files("Sources", ".swift").compactMap {
        $0.path.split(separator: "/").dropFirst().first.map(String.init)
      })
    #expect(modules == Set(Self.allowed.keys))
  }

  @Test func onlyTheLoaderReadsFiles() {
    for file in Tree.files("Sources/PolicyEngine", ".swift")
    where !file.path.hasSuffix("PolicyLoader.swift") {
      // `Synchronization` is the toolchain's, has no I/O, and stays out of what decides.
      let allowed: Set =
        file.path.contains("/Loading/") ? ["CEL", "Dispatch", "Synchronization"] : ["CEL"]
      #expect(
        Self.imports(file).allSatisfy { allowed.contains($0) },
        "\(file.path) imports more than \(allowed.sorted())")
    }
  }
}
