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
    .library(name: "SQLiteStore", targets: ["SQLiteStore"]),
    .library(name: "LogAudit", targets: ["LogAudit"]),
    .executable(name: "modelgate", targets: ["modelgate"]),
  ],
  traits: [
    .trait(name: "CLI", description: "The command line, `modelgate`."),
    .trait(name: "SQLite", description: "The embedded store. Needs libsqlite3-dev on Linux."),
    .trait(name: "Signing", description: "Signatures for the heads of the decision log."),
    .default(enabledTraits: ["CLI", "SQLite", "Signing"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
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
      name: "SQLiteStore",
      dependencies: [
        "CEL", "PolicyEngine", "PolicyGate", "ModelRegistry",
        .product(name: "GRDB", package: "GRDB.swift", condition: .when(traits: ["SQLite"])),
      ],
      swiftSettings: strict),
    .target(
      name: "LogAudit",
      dependencies: [
        "PolicyEngine", "PolicyGate",
        .product(name: "Crypto", package: "swift-crypto", condition: .when(traits: ["Signing"])),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "modelgate",
      dependencies: [
        "CEL", "PolicyEngine", "Compliance", "PolicyGate", "ModelRegistry", "SQLiteStore",
        "LogAudit",
        .product(
          name: "ArgumentParser", package: "swift-argument-parser",
          condition: .when(traits: ["CLI"])),
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
    .testTarget(
      name: "CELTests", dependencies: ["AllocationCounter", "CEL", "CELConformance", "WorstCases"],
      exclude: ["FailCases", "Golden"], swiftSettings: strict),
    .testTarget(name: "TidyTests", swiftSettings: strict),
    .testTarget(
      name: "PolicyEngineTests", dependencies: ["CEL", "PolicyEngine"], exclude: ["Golden"],
      swiftSettings: strict),
    .target(name: "Linearizability", path: "Tests/Linearizability", swiftSettings: strict),
    .target(
      name: "RegistryRaces",
      dependencies: ["CEL", "PolicyEngine", "PolicyGate", "ModelRegistry", "Linearizability"],
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
      name: "SQLiteStoreTests",
      dependencies: [
        "CEL", "PolicyEngine", "PolicyGate", "ModelRegistry", "SQLiteStore", "LogAudit",
        "StoreContract", "RegistryRaces",
        .product(name: "GRDB", package: "GRDB.swift", condition: .when(traits: ["SQLite"])),
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
