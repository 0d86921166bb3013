using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Services;

/// <summary>Files are not served. The service is mapped, so that its error names an alternative.</summary>
internal sealed class StorageServiceHandler : Wire.StorageService.StorageServiceBase;

/// <summary>Input tables are not served. The service is mapped, so that its error names an alternative.</summary>
internal sealed class InputTableServiceHandler : Wire.InputTableService.InputTableServiceBase;

/// <summary>Roll-ups and trees are not served. The service is mapped, so that its error names an alternative.</summary>
internal sealed class HierarchicalTableServiceHandler : Wire.HierarchicalTableService.HierarchicalTableServiceBase;

/// <summary>Partitioned tables are not served. The service is mapped, so that its error names an alternative.</summary>
internal sealed class PartitionedTableServiceHandler : Wire.PartitionedTableService.PartitionedTableServiceBase;

/// <summary>Flight streams for browsers are not served. The service is mapped, so that its error names an alternative.</summary>
internal sealed class BrowserFlightServiceHandler : Wire.Flight.Browser.BrowserFlightService.BrowserFlightServiceBase;
