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
    .executable(name: "modelgate", targets: ["modelgate"]),
  ],
  traits: [
    .trait(name: "CLI", description: "The command line, `modelgate`."),
    .default(enabledTraits: ["CLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    .target(name: "CEL", swiftSettings: strict),
    .target(name: "PolicyEngine", dependencies: ["CEL"], swiftSettings: strict),
    .executableTarget(
      name: "modelgate",
      dependencies: [
        "CEL", "PolicyEngine",
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
    .executableTarget(
      name: "bench", dependencies: ["AllocationCounter", "CEL", "PolicyEngine"],
      path: "Tests/Benchmarks", swiftSettings: strict),
    .testTarget(
      name: "CELTests", dependencies: ["AllocationCounter", "CEL", "CELConformance"],
      exclude: ["FailCases", "Golden"], swiftSettings: strict),
    .testTarget(name: "TidyTests", swiftSettings: strict),
    .testTarget(
      name: "PolicyEngineTests", dependencies: ["CEL", "PolicyEngine"], exclude: ["Golden"],
      swiftSettings: strict),
    .testTarget(
      name: "ToolTests", dependencies: ["modelgate"], exclude: ["Fixtures", "Golden"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
