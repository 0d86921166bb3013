using System.Reflection;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Wharf.Gateway.Hosting;
using Wharf.Protocol.Grpc;
using Wharf.Protocol.Grpc.Flight;

namespace Wharf.Gateway.Tests;

/// <summary>The calls of the protocol that are not served, found by reflection: each error names the call to use instead.</summary>
public sealed class Unserved(Server server) : IClassFixture<Server>
{
    private static readonly MethodDescriptor[] All =
    [
        .. typeof(SessionReflection).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(type => type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null))
            .OfType<FileDescriptor>()
            .SelectMany(file => file.Services)
            .SelectMany(service => service.Methods),
    ];

    public static TheoryData<string> Methods() => new(All.Where(static method => !IsServed(method)).Select(NameOf));

    public static TheoryData<string> Commands() => new(
        "CommandStatementQuery", "CommandStatementUpdate", "CommandPreparedStatementQuery", "CommandGetSqlInfo", "CommandGetTables", "CommandStatementIngest",
        "TicketStatementQuery", "CommandOfTheFuture");

    [Fact]
    public void Every_service_of_the_protocol_has_a_handler()
    {
        Assert.Equal(12, All.Select(static method => method.Service).Distinct().Count());
        Assert.All(All, static method => Assert.NotNull(HandlerOf(method.Service)));
        Assert.Contains("/io.deephaven.flightjs.protocol.BrowserFlightService/OpenDoExchange", Methods().Select(static row => row.Data));
        Assert.DoesNotContain("/arrow.flight.protocol.FlightService/DoGet", Methods().Select(static row => row.Data));
    }

    [Fact]
    public void Reflection_lists_every_service_except_the_streams_of_browsers_for_Flight() => Assert.Equal(
        All.Select(static method => method.Service.FullName).Distinct().Where(static name => !name.EndsWith(".BrowserFlightService", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        ServedServices.Reflected.Select(static service => service.FullName).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_call_that_is_not_served_names_the_call_to_use_instead(string method)
    {
        var name = method[(method.LastIndexOf('.') + 1)..];
        using var session = await server.LoginAsync();
        foreach (var transport in new[] { RawCall.Http2, RawCall.Web })
        {
            var status = (await RawCall.SendAsync(server.Address, method, [], transport, session.Authorization)).Status;
            var message = Uri.UnescapeDataString(status["grpc-message"]);
            Assert.Equal(("12", true), (status["grpc-status"], message.StartsWith($"{name} is not served: ", StringComparison.Ordinal)));
            Assert.DoesNotContain("not part of this version", message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_command_of_Flight_SQL_is_not_served_and_names_the_calls_to_use_instead(string command)
    {
        var bytes = Pack("type.googleapis.com/arrow.flight.protocol.sql." + command);
        var descriptor = new FlightDescriptor { Type = FlightDescriptor.Types.DescriptorType.Cmd, Cmd = bytes };
        using var session = await server.LoginAsync();

        await IsRefusedAsync(session.Flights.GetFlightInfoAsync(descriptor, session.Headers).ResponseAsync);
        await IsRefusedAsync(session.Flights.GetSchemaAsync(descriptor, session.Headers).ResponseAsync);
        using var get = session.Flights.DoGet(new Protocol.Grpc.Flight.Ticket { Ticket_ = bytes }, session.Headers);
        await IsRefusedAsync(get.ResponseStream.MoveNext(CancellationToken.None));
        using var put = session.Flights.DoPut(session.Headers);
        await put.RequestStream.WriteAsync(new FlightData { FlightDescriptor = descriptor });
        await IsRefusedAsync(put.ResponseStream.MoveNext(CancellationToken.None));

        async Task IsRefusedAsync(Task call)
        {
            var failure = await Failures.OfAsync(call);
            Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
            Assert.StartsWith($"{command} of Flight SQL is not served: ", failure.Status.Detail, StringComparison.Ordinal);
            Assert.Contains("EmptyTable", failure.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("CreatePreparedStatement")]
    [InlineData("BeginTransaction")]
    [InlineData("")]
    public async Task An_action_of_Flight_SQL_is_not_served(string action)
    {
        using var session = await server.LoginAsync();
        using var call = session.Flights.DoAction(new Protocol.Grpc.Flight.Action { Type = action }, session.Headers);
        await Failures.IsAsync(StatusCode.Unimplemented, call.ResponseStream.MoveNext(CancellationToken.None));
    }

    /// <summary>Control: other commands are not treated as Flight SQL.</summary>
    [Theory]
    [InlineData("type.googleapis.com/arrow.flight.protocol.other.Command")]
    [InlineData("")]
    public async Task Another_command_is_refused_as_by_the_reference(string type)
    {
        using var session = await server.LoginAsync();
        var descriptor =
            new FlightDescriptor { Type = FlightDescriptor.Types.DescriptorType.Cmd, Cmd = type.Length == 0 ? ByteString.CopyFrom(0x0A, 0x7F, 1) : Pack(type) };
        await Failures.IsAsync(StatusCode.FailedPrecondition, session.Flights.GetFlightInfoAsync(descriptor, session.Headers));
    }

    private static ByteString Pack(string type) => new Any { TypeUrl = type, Value = ByteString.CopyFromUtf8("\u0008\u0001") }.ToByteString();

    private static string NameOf(MethodDescriptor method) => $"/{method.Service.FullName}/{method.Name}";

    private static bool IsServed(MethodDescriptor method)
    {
        var handler = HandlerOf(method.Service)!;
        return handler.GetMethods().Any(own => own.Name == method.Name && own.DeclaringType == handler);
    }

    private static System.Type? HandlerOf(ServiceDescriptor service) => typeof(UnservedCalls).Assembly.GetTypes().SingleOrDefault(type =>
        type.Name == service.Name + "Handler" && type.BaseType?.GetCustomAttribute<BindServiceMethodAttribute>() is not null);
}
