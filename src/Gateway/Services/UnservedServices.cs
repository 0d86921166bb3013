using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Services;

/// <summary>Files: mapped, so that callers are told what to use instead.</summary>
internal sealed class StorageServiceHandler : Wire.StorageService.StorageServiceBase;

/// <summary>Input tables: as above.</summary>
internal sealed class InputTableServiceHandler : Wire.InputTableService.InputTableServiceBase;

/// <summary>Roll-ups and trees: as above.</summary>
internal sealed class HierarchicalTableServiceHandler : Wire.HierarchicalTableService.HierarchicalTableServiceBase;

/// <summary>Partitioned tables: as above.</summary>
internal sealed class PartitionedTableServiceHandler : Wire.PartitionedTableService.PartitionedTableServiceBase;

/// <summary>Flight's streams for browsers, which are not served.</summary>
internal sealed class BrowserFlightServiceHandler : Wire.Flight.Browser.BrowserFlightService.BrowserFlightServiceBase;
