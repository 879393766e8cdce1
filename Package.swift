// swift-tools-version: 6.2
import PackageDescription

/// One set of settings for every target: warnings are errors, unsafe memory must be marked, imports
/// are explicit.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .enableUpcomingFeature("ImmutableWeakCaptures"),
]

let package = Package(
  name: "ModelGate",
  products: [
    .library(name: "CEL", targets: ["CEL"]),
    .library(name: "PolicyEngine", targets: ["PolicyEngine"]),
    .library(name: "Compliance", targets: ["Compliance"]),
    .library(name: "PolicyGate", targets: ["PolicyGate"]),
    .library(name: "ModelRegistry", targets: ["ModelRegistry"]),
    .library(name: "Exports", targets: ["Exports"]),
    .library(name: "SQLiteStore", targets: ["SQLiteStore"]),
    .library(name: "LogAudit", targets: ["LogAudit"]),
    .library(name: "GateServer", targets: ["GateServer"]),
    .library(name: "HTTPTransport", targets: ["HTTPTransport"]),
    .executable(name: "modelgate", targets: ["modelgate"]),
  ],
  traits: [
    .trait(name: "CLI", description: "The command line, `modelgate`."),
    .trait(name: "SQLite", description: "The embedded store. Needs libsqlite3-dev on Linux."),
    .trait(name: "Signing", description: "Signatures for the heads of the decision log."),
    .trait(name: "Server", description: "The server: HTTP, TLS, users, API keys, tokens."),
    .default(enabledTraits: ["CLI", "SQLite", "Signing", "Server"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
    .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
  ],
  targets: [
    .target(name: "CEL", swiftSettings: strict),
    .target(name: "PolicyEngine", dependencies: ["CEL"], swiftSettings: strict),
    .target(name: "Compliance", dependencies: ["CEL", "PolicyEngine"], swiftSettings: strict),
    .target(name: "PolicyGate", dependencies: ["CEL", "PolicyEngine"], swiftSettings: strict),
    .target(
      name: "ModelRegistry", dependencies: ["CEL", "PolicyEngine", "PolicyGate"],
      swiftSettings: strict),
    .target(
      name: "Exports", dependencies: ["CEL", "PolicyEngine", "ModelRegistry"],
      swiftSettings: strict),
    .target(
      name: "SQLiteStore",
      dependencies: [
        "CEL", "PolicyEngine", "PolicyGate", "ModelRegistry",
        .product(name: "GRDB", package: "GRDB.swift", condition: .when(traits: ["SQLite"])),
        .product(name: "GRDBSQLite", package: "GRDB.swift", condition: .when(traits: ["SQLite"])),
        .product(name: "Crypto", package: "swift-crypto", condition: .when(traits: ["Signing"])),
      ],
      swiftSettings: strict),
    .target(
      name: "LogAudit",
      dependencies: [
        "PolicyEngine", "PolicyGate",
        .product(name: "Crypto", package: "swift-crypto", condition: .when(traits: ["Signing"])),
      ],
      swiftSettings: strict),
    .target(
      name: "GateServer", dependencies: ["CEL", "PolicyEngine", "PolicyGate", "ModelRegistry"],
      swiftSettings: strict),
    .target(
      name: "Authentication",
      dependencies: [
        "CEL", "PolicyEngine", "GateServer",
        .product(name: "Crypto", package: "swift-crypto", condition: .when(traits: ["Server"])),
        .product(
          name: "CryptoExtras", package: "swift-crypto", condition: .when(traits: ["Server"])),
        .product(name: "JWTKit", package: "jwt-kit", condition: .when(traits: ["Server"])),
        .target(name: "CCrypt", condition: .when(traits: ["Server"])),
      ],
      swiftSettings: strict),
    .target(
      name: "CCrypt", linkerSettings: [.linkedLibrary("crypt", .when(platforms: [.linux]))]),
    .target(
      name: "HTTPTransport",
      dependencies: [
        "GateServer",
        .product(
          name: "HummingbirdCore", package: "hummingbird", condition: .when(traits: ["Server"])),
        .product(name: "NIOCore", package: "swift-nio", condition: .when(traits: ["Server"])),
        .product(name: "NIOPosix", package: "swift-nio", condition: .when(traits: ["Server"])),
        .product(name: "NIOHTTP1", package: "swift-nio", condition: .when(traits: ["Server"])),
        .product(name: "NIOSSL", package: "swift-nio-ssl", condition: .when(traits: ["Server"])),
        .product(
          name: "NIOHTTPCompression", package: "swift-nio-extras",
          condition: .when(traits: ["Server"])),
        .product(name: "X509", package: "swift-certificates", condition: .when(traits: ["Server"])),
        .product(name: "SwiftASN1", package: "swift-asn1", condition: .when(traits: ["Server"])),
        .product(name: "Logging", package: "swift-log", condition: .when(traits: ["Server"])),
        .product(
          name: "Tracing", package: "swift-distributed-tracing",
          condition: .when(traits: ["Server"])),
        .product(
          name: "ServiceLifecycle", package: "swift-service-lifecycle",
          condition: .when(traits: ["Server"])),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "modelgate",
      dependencies: [
        "CEL", "PolicyEngine", "Compliance", "PolicyGate", "ModelRegistry", "Exports",
        "SQLiteStore", "LogAudit", "GateServer", "Authentication", "HTTPTransport",
        .product(
          name: "Configuration", package: "swift-configuration",
          condition: .when(traits: ["Server"])),
        .product(
          name: "ServiceLifecycle", package: "swift-service-lifecycle",
          condition: .when(traits: ["Server"])),
        .product(name: "Logging", package: "swift-log", condition: .when(traits: ["Server"])),
        .product(
          name: "UnixSignals", package: "swift-service-lifecycle",
          condition: .when(traits: ["Server"])),
        .product(name: "NIOCore", package: "swift-nio", condition: .when(traits: ["Server"])),
        .product(name: "NIOHTTP1", package: "swift-nio", condition: .when(traits: ["Server"])),
        .product(
          name: "AsyncHTTPClient", package: "async-http-client",
          condition: .when(traits: ["Server"])),
        .product(
          name: "ArgumentParser", package: "swift-argument-parser",
          condition: .when(traits: ["CLI"])),
        .product(
          name: "Subprocess", package: "swift-subprocess", condition: .when(traits: ["CLI"])),
      ],
      swiftSettings: strict),
    .target(
      name: "CELConformance", dependencies: ["CEL"], path: "Tests/CELConformance",
      swiftSettings: strict),
    .executableTarget(
      name: "cel-conformance", dependencies: ["CEL", "CELConformance"],
      path: "Tests/CELConformanceTool", swiftSettings: strict),
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
    .target(
      name: "WorstCases", dependencies: ["CEL"], path: "Tests/WorstCases", swiftSettings: strict),
    .target(
      name: "StoreContract", dependencies: ["CEL", "PolicyGate", "ModelRegistry"],
      path: "Tests/StoreContract", swiftSettings: strict),
    .executableTarget(
      name: "bench", dependencies: ["AllocationCounter", "CEL", "PolicyEngine", "WorstCases"],
      path: "Tests/Benchmarks", swiftSettings: strict),
    .executableTarget(
      name: "crash-tests",
      dependencies: [
        "CEL", "PolicyEngine", "PolicyGate", "ModelRegistry", "SQLiteStore", "StoreContract",
        "RegistryRaces",
        .product(name: "GRDB", package: "GRDB.swift", condition: .when(traits: ["SQLite"])),
      ],
      path: "Tests/CrashTests", exclude: ["Recorder.c"], swiftSettings: strict),
    .executableTarget(
      name: "store-bench",
      dependencies: [
        "CEL", "PolicyEngine", "PolicyGate", "ModelRegistry", "SQLiteStore", "StoreContract",
        .product(name: "GRDB", package: "GRDB.swift", condition: .when(traits: ["SQLite"])),
      ],
      path: "Tests/StoreBenchmarks", swiftSettings: strict),
    .executableTarget(
      name: "bare-server",
      dependencies: [
        .product(name: "Hummingbird", package: "hummingbird", condition: .when(traits: ["Server"]))
      ],
      path: "Tests/BareServer", swiftSettings: strict),
    .testTarget(
      name: "CELTests", dependencies: ["AllocationCounter", "CEL", "CELConformance", "WorstCases"],
      exclude: ["FailCases", "Golden"], swiftSettings: strict),
    .testTarget(name: "TidyTests", swiftSettings: strict),
    .target(
      name: "EngineComparison", dependencies: ["CEL", "PolicyEngine"],
      path: "Tests/EngineComparison", swiftSettings: strict),
    .executableTarget(
      name: "differential", dependencies: ["EngineComparison"],
      path: "Tests/EngineComparisonTool", swiftSettings: strict),
    .testTarget(
      name: "PolicyEngineTests", dependencies: ["CEL", "PolicyEngine", "EngineComparison"],
      exclude: ["Golden"],
      swiftSettings: strict),
    .target(name: "Linearizability", path: "Tests/Linearizability", swiftSettings: strict),
    .target(
      name: "RegistryRaces",
      dependencies: [
        "CEL", "PolicyEngine", "PolicyGate", "ModelRegistry", "Linearizability", "StoreContract",
      ],
      path: "Tests/RegistryRaces", swiftSettings: strict),
    .testTarget(
      name: "LinearizabilityTests", dependencies: ["Linearizability"], swiftSettings: strict),
    .testTarget(
      name: "PolicyGateTests", dependencies: ["CEL", "PolicyEngine", "PolicyGate"],
      exclude: ["MustNotCompile"], swiftSettings: strict),
    .testTarget(
      name: "ModelRegistryTests",
      dependencies: [
        "CEL", "PolicyEngine", "PolicyGate", "ModelRegistry", "StoreContract", "RegistryRaces",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ExportsTests",
      dependencies: ["CEL", "PolicyEngine", "ModelRegistry", "Exports"], swiftSettings: strict),
    .testTarget(
      name: "SQLiteStoreTests",
      dependencies: [
        "CEL", "PolicyEngine", "PolicyGate", "ModelRegistry", "SQLiteStore", "LogAudit",
        "StoreContract", "RegistryRaces",
        .product(name: "GRDB", package: "GRDB.swift", condition: .when(traits: ["SQLite"])),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "GateServerTests",
      dependencies: ["CEL", "PolicyEngine", "PolicyGate", "ModelRegistry", "GateServer"],
      exclude: ["Golden"], swiftSettings: strict),
    .testTarget(
      name: "AuthenticationTests",
      dependencies: [
        "CEL", "PolicyEngine", "PolicyGate", "ModelRegistry", "GateServer", "Authentication",
        .product(name: "Crypto", package: "swift-crypto", condition: .when(traits: ["Server"])),
        .product(
          name: "CryptoExtras", package: "swift-crypto", condition: .when(traits: ["Server"])),
        .product(name: "JWTKit", package: "jwt-kit", condition: .when(traits: ["Server"])),
      ],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "HTTPTransportTests",
      dependencies: [
        "GateServer", "HTTPTransport", "StoreContract",
        .product(name: "Logging", package: "swift-log", condition: .when(traits: ["Server"])),
        .product(name: "Crypto", package: "swift-crypto", condition: .when(traits: ["Server"])),
        .product(name: "NIOSSL", package: "swift-nio-ssl", condition: .when(traits: ["Server"])),
        .product(name: "X509", package: "swift-certificates", condition: .when(traits: ["Server"])),
        .product(name: "SwiftASN1", package: "swift-asn1", condition: .when(traits: ["Server"])),
        .product(name: "NIOCore", package: "swift-nio", condition: .when(traits: ["Server"])),
        .product(name: "NIOPosix", package: "swift-nio", condition: .when(traits: ["Server"])),
        .product(
          name: "ServiceLifecycle", package: "swift-service-lifecycle",
          condition: .when(traits: ["Server"])),
        .product(
          name: "InMemoryTracing", package: "swift-distributed-tracing",
          condition: .when(traits: ["Server"])),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ComplianceTests", dependencies: ["CEL", "PolicyEngine", "Compliance"],
      swiftSettings: strict),
    .testTarget(
      name: "ToolTests",
      dependencies: [
        "modelgate", "CEL", "PolicyEngine", "PolicyGate", "ModelRegistry", "SQLiteStore",
        "StoreContract",
      ], exclude: ["Fixtures", "Golden"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
