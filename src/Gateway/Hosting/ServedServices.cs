using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Wharf.Gateway.Fields;
using Wharf.Gateway.Flight;
using Wharf.Gateway.Services;
using Wharf.Gateway.Sessions;
using Wharf.Gateway.Streams;
using Wharf.Gateway.Tables;
using Wharf.Protocol.Grpc;
using Wharf.Protocol.Grpc.Console;
using Wharf.Protocol.Grpc.Flight;
using Wharf.Protocol.Grpc.Flight.Browser;

namespace Wharf.Gateway.Hosting;

/// <summary>The gRPC services of the gateway. Registration, mapping and reflection use this list.</summary>
internal static class ServedServices
{
    private static readonly ServedService[] All =
    [
        new ServedService<SessionServiceHandler>(SessionService.Descriptor),
        new ServedService<ConfigServiceHandler>(ConfigService.Descriptor),
        new ServedService<ApplicationServiceHandler>(ApplicationService.Descriptor),
        new ServedService<ObjectServiceHandler>(ObjectService.Descriptor),
        new ServedService<ConsoleServiceHandler>(ConsoleService.Descriptor),
        new ServedService<TableServiceHandler>(TableService.Descriptor),
        new ServedService<StorageServiceHandler>(StorageService.Descriptor),
        new ServedService<InputTableServiceHandler>(InputTableService.Descriptor),
        new ServedService<HierarchicalTableServiceHandler>(HierarchicalTableService.Descriptor),
        new ServedService<PartitionedTableServiceHandler>(PartitionedTableService.Descriptor),
        new ServedService<FlightServiceHandler>(FlightService.Descriptor),
        new ServedService<BrowserFlightServiceHandler>(BrowserFlightService.Descriptor) { IsReflected = false },
    ];

    /// <summary>The services that reflection lists.</summary>
    public static IEnumerable<Google.Protobuf.Reflection.ServiceDescriptor> Reflected => All.Where(static service => service.IsReflected).Select(static service => service.Descriptor);

    /// <summary>Registers the handlers.</summary>
    public static void AddTo(IServiceCollection services)
    {
        foreach (var service in All)
            service.AddTo(services);
    }

    /// <summary>Maps the handlers.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var service in All)
            service.Map(endpoints);
    }
}
