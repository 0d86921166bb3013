using System.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Sessions;

namespace Wharf.Gateway.Tests;

/// <summary>The facts of each RPC, as the metadata of its endpoint states them.</summary>
public sealed class CallFacts(Server server) : IClassFixture<Server>
{
    private static readonly string[] WithoutSession =
    [
        "ConfigService/GetAuthenticationConstants", "ConsoleService/GetConsoleTypes", "FlightService/DoAction", "FlightService/GetFlightInfo", "FlightService/GetSchema",
        "FlightService/Handshake", "FlightService/ListActions", "FlightService/ListFlights", "SessionService/CloseSession", "SessionService/NewSession",
        "SessionService/RefreshSessionToken", "TableService/Batch",
    ];

    private static readonly string[] WithDeferredCheck =
    [
        "SessionService/ExportFromTicket", "TableService/EmptyTable", "TableService/FetchTable", "TableService/Filter", "TableService/LazyUpdate", "TableService/Select",
        "TableService/SelectDistinct", "TableService/UnstructuredFilter", "TableService/Update", "TableService/UpdateView", "TableService/View",
    ];

    [Fact]
    public void Only_these_calls_are_admitted_without_a_session() => Assert.Equal(WithoutSession, With<NoSessionAttribute>());

    [Fact]
    public void The_session_of_only_these_calls_is_checked_later() => Assert.Equal(WithDeferredCheck, With<DeferredSessionCheckAttribute>());

    [Fact]
    public void Only_the_list_of_fields_requires_a_permission_without_a_target()
    {
        var (_, metadata) = Assert.Single(Endpoints(), static endpoint => endpoint.Metadata.GetMetadata<RequiresAttribute>() is not null);
        Assert.Equal(("ListFields", "list"), (metadata.GetMetadata<GrpcMethodMetadata>()!.Method.Name, metadata.GetMetadata<RequiresAttribute>()!.Action));
    }

    [Fact]
    public void Every_served_call_states_its_permissions()
    {
        var served = Endpoints().Where(static endpoint => IsServed(endpoint.Metadata)).ToList();
        Assert.Contains(served, static endpoint => endpoint.Name == "FlightService/DoGet");
        Assert.Contains(served, static endpoint => endpoint.Name == "SessionService/Release");
        Assert.DoesNotContain(served, static endpoint => !StatesPermissions(endpoint.Metadata));
    }

    /// <summary>Control: a call without attributes is found by the test above.</summary>
    [Fact]
    public void A_call_without_facts_is_found()
    {
        Assert.False(StatesPermissions(new EndpointMetadataCollection()));
        Assert.False(StatesPermissions(new EndpointMetadataCollection(new NoSessionAttribute())));
        Assert.False(StatesPermissions(new EndpointMetadataCollection(new NoPermissionAttribute(), new AuthorizesAttribute("read"))));
        Assert.True(StatesPermissions(new EndpointMetadataCollection(new AuthorizesAttribute("read"))));
    }

    [Fact]
    public void A_method_that_is_not_served_states_nothing_else()
    {
        var unserved = Endpoints().Where(static endpoint => !IsServed(endpoint.Metadata)).ToList();
        Assert.Contains(unserved, static endpoint => endpoint.Name == "ConsoleService/ExecuteCommand");
        Assert.Equal(["FlightService/DoAction"], unserved.Where(static endpoint => endpoint.Metadata.OfType<CallAttribute>().Any()).Select(static endpoint => endpoint.Name));
    }

    [Theory]
    [InlineData("grpc.health.v1.Health", true)]
    [InlineData("grpc.reflection.v1alpha.ServerReflection", true)]
    [InlineData("example.Service", false)]
    [InlineData("grpc.healthier.Service", false)]
    public void Only_health_and_reflection_of_other_packages_are_admitted_without_a_session(string service, bool isAdmitted)
    {
        var metadata = CallMetadata.OfService(service);
        Assert.Equal((isAdmitted, isAdmitted), (metadata.OfType<NoSessionAttribute>().Any(), metadata.OfType<InfrastructureCallAttribute>().Any()));
    }

    // A call either requires no permission, or states which ones it requires.
    private static bool StatesPermissions(EndpointMetadataCollection metadata) =>
        metadata.GetMetadata<NoPermissionAttribute>() is null != (metadata.GetMetadata<RequiresAttribute>() is null && metadata.GetMetadata<AuthorizesAttribute>() is null);

    private static bool IsServed(EndpointMetadataCollection metadata)
    {
        var method = metadata.GetMetadata<GrpcMethodMetadata>()!.Method;
        var handler = typeof(SessionServiceHandler).Assembly.GetTypes().Single(type =>
            type.Name == method.ServiceName[(method.ServiceName.LastIndexOf('.') + 1)..] + "Handler" && type.BaseType?.GetCustomAttribute<BindServiceMethodAttribute>() is not null);
        return handler.GetMethods().Any(own => own.Name == method.Name && own.DeclaringType == handler);
    }

    private IEnumerable<string> With<TAttribute>()
        where TAttribute : CallAttribute =>
        Endpoints().Where(static endpoint => endpoint.Metadata.GetMetadata<TAttribute>() is not null).Select(static endpoint => endpoint.Name).Order(StringComparer.Ordinal);

    private IEnumerable<(string Name, EndpointMetadataCollection Metadata)> Endpoints() =>
        server.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Where(static endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is not null)
            .Select(static endpoint => (NameOf(endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()!.Method), endpoint.Metadata));

    private static string NameOf(IMethod method) => $"{method.ServiceName[(method.ServiceName.LastIndexOf('.') + 1)..]}/{method.Name}";
}
