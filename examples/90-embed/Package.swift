// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "embed",
  dependencies: [
    // In your own package: .package(url: "…/modelgate", from: "…", traits: [])
    .package(name: "ModelGate", path: "../..", traits: [])
  ],
  targets: [
    .executableTarget(
      name: "embed", dependencies: [.product(name: "PolicyEngine", package: "ModelGate")]),
    .executableTarget(
      name: "invoices",
      dependencies: [
        .product(name: "PolicyEngine", package: "ModelGate"),
        .product(name: "PolicyGate", package: "ModelGate"),
      ]),
  ]
)
