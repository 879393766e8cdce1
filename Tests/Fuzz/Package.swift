// swift-tools-version: 6.2
import PackageDescription

// A package of its own, built with the fuzzer's flags for every module: see `make fuzz`.
func target(_ name: String, _ product: String) -> Target {
  .executableTarget(
    name: name, dependencies: ["FuzzDriver", .product(name: product, package: "ModelGate")])
}

let package = Package(
  name: "Fuzz",
  dependencies: [.package(name: "ModelGate", path: "../..", traits: [])],
  targets: [
    .target(name: "FuzzDriver"),
    target("FuzzExpressions", "CEL"), target("FuzzRegex", "CEL"),
    target("FuzzDocuments", "PolicyEngine"),
  ]
)
