using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Wharf.Gateway.Errors;
using Wharf.Gateway.Telemetry;
using Wharf.Grains;
using Wharf.Grains.Logs;
using Wharf.Protocol.Grpc;
using Wire = Wharf.Protocol.Grpc.Flight;

namespace Wharf.Gateway.Tests;

/// <summary>Tests that calls which clients end are counted and not logged as defects.</summary>
public sealed class BrokenCalls(Server server) : IClassFixture<Server>
{
    private const int Each = 20;

    [Fact]
    public async Task Calls_that_clients_end_are_counted_and_cause_no_error_in_the_log()
    {
        using var counted = new CountedBroken(server.Services);
        using var session = await server.LoginAsync();
        for (int count = 0; count < Each; count++)
        {
            await CloseAsync(session, "/io.deephaven.proto.backplane.grpc.SessionService/ExportFromTicket", [0, 0, 0, 0, 9, 1]);
            await CloseAsync(session, "/arrow.flight.protocol.FlightService/DoPut", [0, 0, 0, 0, 9, 1]);
            await CloseAsync(session, "/io.deephaven.proto.backplane.grpc.ObjectService/MessageStream", [0, 0, 0, 0, 9, 1]);
            await CloseAsync(session, "/arrow.flight.protocol.FlightService/Handshake", [0, 0, 0, 0, 9, 1]);
            using var upload = new Wire.FlightService.FlightServiceClient(session.Channel).DoPut(session.Headers);
            await upload.RequestStream.WriteAsync(new Wire.FlightData { FlightDescriptor = new() { Type = Wire.FlightDescriptor.Types.DescriptorType.Path, Path = { "export", $"{count + 1}" } } });
            using var open = session.Objects.MessageStream(session.Headers);
            await open.RequestStream.WriteAsync(TestSession.Connect(TestSession.Scope("echo"), "Echo"));
            await open.ResponseHeadersAsync;
        }

        await counted.UntilAsync(4 * Each);
        Assert.DoesNotContain(server.Log.Lines, static line => line.Level >= LogLevel.Error || (line.Level == LogLevel.Warning && line.Category.StartsWith("Wharf", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(typeof(IOException), true, FaultCode.Cancelled)]
    [InlineData(typeof(IOException), false, FaultCode.Internal)]
    [InlineData(typeof(OperationCanceledException), true, FaultCode.Cancelled)]
    [InlineData(typeof(OperationCanceledException), false, FaultCode.Internal)]
    [InlineData(typeof(InvalidOperationException), true, FaultCode.Cancelled)]
    [InlineData(typeof(InvalidOperationException), false, FaultCode.Internal)]
    [InlineData(typeof(NullReferenceException), true, FaultCode.Internal)]
    [InlineData(typeof(InvalidDataException), false, FaultCode.InvalidArgument)]
    internal async Task A_failure_is_a_defect_unless_the_client_has_left(Type exception, bool hasLeft, FaultCode expected)
    {
        var log = new TestLog();
        var time = new FakeTimeProvider();
        using var aborted = new CancellationTokenSource();
        var http = new DefaultHttpContext { RequestAborted = aborted.Token };
        var translation = new FaultTranslation(
            new GatewayInstruments(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>()), new DefectLog(time), time, new LoggerFactory([log]).CreateLogger<FaultTranslation>());

        var translating = translation.TranslateAsync((Exception)Activator.CreateInstance(exception)!, http, http.RequestAborted, "/a.Service/Method");
        // The connection is reported as lost after the read of it has failed.
        if (hasLeft)
            await aborted.CancelAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        var fault = await translating;

        // A defect that is found before the client left is one.
        Assert.Equal(expected, fault.Code);
        Assert.Equal(expected == FaultCode.Internal ? 1 : 0, log.Lines.Count(static line => line.Level == LogLevel.Error));
    }

    [Theory]
    [InlineData("1.1", false)]
    [InlineData("1.1", true)]
    public async Task A_request_that_its_client_ends_is_recognized_without_a_wait(string version, bool closes)
    {
        var log = new TestLog();
        var failed = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var reader = await ReaderAsync(version == "1.1" ? HttpProtocols.Http1 : HttpProtocols.Http2, failed);
        using var client = new HttpClient(new SocketsHttpHandler());
        var sent = new TaskCompletionSource();
        var end = new TaskCompletionSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, reader.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single())
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new PartOfMessage([1], sent, end.Task),
        };
        using var cancelled = new CancellationTokenSource();
        var call = client.SendAsync(request, cancelled.Token);
        await sent.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        if (closes)
            client.Dispose();
        else
            await cancelled.CancelAsync();
        end.SetResult();

        // The clock stands still, and the call is never marked as aborted: only the exception is evidence.
        var exception = await failed.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var fault = await Translation(log, new FakeTimeProvider()).TranslateAsync(exception, new DefaultHttpContext(), CancellationToken.None, "/a.Service/Method");
        Assert.Equal(FaultCode.Cancelled, fault.Code);
        Assert.Empty(log.Lines);
        await Task.WhenAny(call).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_failure_of_another_reader_is_not_taken_for_the_end_of_a_request()
    {
        var log = new TestLog();
        var time = new FakeTimeProvider();
        var exception = await Assert.ThrowsAnyAsync<IOException>(static () => File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "no", "such", "file"), TestContext.Current.CancellationToken));
        var translating = Translation(log, time).TranslateAsync(exception, new DefaultHttpContext(), CancellationToken.None, "/a.Service/Method");
        Assert.False(translating.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(FaultCode.Internal, (await translating).Code);
        Assert.Equal(LogLevel.Error, Assert.Single(log.Lines).Level);
    }

    private static FaultTranslation Translation(TestLog log, TimeProvider time) => new(
        new GatewayInstruments(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>()), new DefectLog(time), time,
        new LoggerFactory([log]).CreateLogger<FaultTranslation>());

    // A server that reads its requests until that fails.
    private static async Task<WebApplication> ReaderAsync(HttpProtocols protocols, TaskCompletionSource<Exception> failed)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, port => port.Protocols = protocols));
        var app = builder.Build();
        app.Run(async call =>
        {
            try
            {
                while (true)
                {
                    var read = await call.Request.BodyReader.ReadAsync();
                    call.Request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                }
            }
            catch (Exception exception)
            {
                failed.TrySetResult(exception);
                throw;
            }
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    // Sends a part of a message on a connection of its own, and closes it.
    private async Task CloseAsync(TestSession session, string method, byte[] start)
    {
        using var client = new HttpClient(new SocketsHttpHandler());
        var request = new HttpRequestMessage(HttpMethod.Post, server.Address + method) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Add("te", "trailers");
        request.Headers.TryAddWithoutValidation("authorization", session.Authorization);
        var sent = new TaskCompletionSource();
        var end = new TaskCompletionSource();
        request.Content = new PartOfMessage(start, sent, end.Task);
        using var cancelled = new CancellationTokenSource();
        var call = client.SendAsync(request, cancelled.Token);
        await sent.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await cancelled.CancelAsync();
        end.SetResult();
        await Task.WhenAny(call).WaitAsync(TimeSpan.FromSeconds(30));
    }

    private sealed class PartOfMessage : HttpContent
    {
        private readonly byte[] _bytes;
        private readonly TaskCompletionSource _sent;
        private readonly Task _end;

        public PartOfMessage(byte[] bytes, TaskCompletionSource sent, Task end)
        {
            (_bytes, _sent, _end) = (bytes, sent, end);
            Headers.ContentType = new("application/grpc");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_bytes);
            await stream.FlushAsync();
            _sent.TrySetResult();
            await _end;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class CountedBroken : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _count;

        public CountedBroken(IServiceProvider services)
        {
            var meters = services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "wharf.calls.broken" && instrument.Meter.Scope == meters)
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _count, value));
            _listener.Start();
        }

        public async Task UntilAsync(long count)
        {
            while (Interlocked.Read(ref _count) < count)
                await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        public void Dispose() => _listener.Dispose();
    }
}
