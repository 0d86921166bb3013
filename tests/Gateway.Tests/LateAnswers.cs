using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wharf.Gateway.Edge;
using Wharf.Gateway.Errors;
using Wharf.Gateway.Hosting;
using Wharf.Gateway.Telemetry;
using Wharf.Grains.Logs;

namespace Wharf.Gateway.Tests;

/// <summary>Tests answers that are written while the deadline of their call passes.</summary>
public sealed class LateAnswers
{
    private const string Refusal = "Invalid ordering of calling StartAsync or CompleteAsync and Advance.";

    [Fact]
    public async Task An_answer_that_the_deadline_interrupts_is_a_broken_call_and_no_error()
    {
        await using var server = await LateServer.StartAsync(withAdmission: true, throws: false);
        await server.CallUntilInterruptedAsync();

        var line = Assert.Single(server.Log.Lines, static line => line.Category.StartsWith("Wharf", StringComparison.Ordinal));
        Assert.Equal((LogLevel.Debug, $"The client ended {LateServer.Path} before its response (InvalidOperationException)"), (line.Level, line.Text));
        Assert.DoesNotContain(server.Log.Lines, static line => line.Level >= LogLevel.Warning);
        Assert.Equal(1, server.Broken);
    }

    [Fact]
    public async Task Without_the_guard_gRPC_logs_it_as_an_error()
    {
        await using var server = await LateServer.StartAsync(withAdmission: false, throws: false);
        await server.CallUntilInterruptedAsync();

        Assert.Contains(Refusal, Assert.Single(server.Log.Lines, static line => line.Level >= LogLevel.Warning).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_exception_of_a_handler_is_an_error_whatever_the_deadline()
    {
        await using var server = await LateServer.StartAsync(withAdmission: true, throws: true);
        await server.CallUntilInterruptedAsync();

        Assert.Contains(Refusal, Assert.Single(server.Log.Lines, static line => line.Level >= LogLevel.Warning).Text, StringComparison.Ordinal);
        Assert.Equal(0, server.Broken);
    }

    [Fact]
    public void A_refused_write_before_the_deadline_stays_what_it_is()
    {
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpResponseBodyFeature>(new Refusing());
        http.Request.Headers["grpc-timeout"] = "1H";
        var response = DeadlineResponse.Open(http)!;
        Assert.Throws<InvalidOperationException>(() => http.Response.BodyWriter.Advance(1));
        Assert.Null(response.Interrupted);
        Assert.False(DeadlineResponse.IsOver(http));

        http.RequestAborted = new CancellationToken(canceled: true);
        Assert.Throws<BrokenCallException>(() => http.Response.BodyWriter.Advance(1));
        Assert.NotNull(response.Interrupted);
    }

    [Fact]
    public void A_call_without_a_deadline_keeps_its_response()
    {
        var http = new DefaultHttpContext();
        var body = http.Features.Get<IHttpResponseBodyFeature>();
        Assert.Null(DeadlineResponse.Open(http));
        Assert.Same(body, http.Features.Get<IHttpResponseBodyFeature>());
    }

    /// <summary>A server whose one call begins to write its answer, and goes on when the deadline has completed the response.</summary>
    private sealed class LateServer : IServiceMethodProvider<LateServer.Service>, IAsyncDisposable
    {
        public const string Path = "/test.Late/Answer";

        private readonly bool _throws;
        private readonly WebApplication _app;
        private readonly MeterListener _listener = new();
        private TaskCompletionSource _completed = new(), _ended = new();
        private bool _isInterrupted;
        private long _broken;

        private LateServer(bool withAdmission, bool throws)
        {
            _throws = throws;
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddProvider(Log);
            builder.Services.AddGrpc();
            builder.Services.AddSingleton<IServiceMethodProvider<Service>>(this).AddSingleton<ICallerAdmission, Everyone>().AddSingleton(TimeProvider.System)
                .AddSingleton<RequestLimits>().AddSingleton<UnauthenticatedUse>().AddSingleton<LimitLog>().AddSingleton<DefectLog>().AddSingleton<FaultTranslation>().AddSingleton<GatewayInstruments>();
            builder.Services.AddOptions<GatewayOptions>();
            builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, static port => port.Protocols = HttpProtocols.Http2));
            _app = builder.Build();
            _app.UseRouting();
            _app.Use(async (http, next) =>
            {
                http.Features.Set<IHttpResponseBodyFeature>(new Observed(http.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), this));
                await next(http);
                _ended.TrySetResult();
            });
            if (withAdmission)
                _app.UseMiddleware<CallAdmission>();
            _app.MapGrpcService<Service>();
        }

        public TestLog Log { get; } = new() { Lowest = LogLevel.Debug };

        public long Broken => Interlocked.Read(ref _broken);

        public static async Task<LateServer> StartAsync(bool withAdmission, bool throws)
        {
            var server = new LateServer(withAdmission, throws);
            await server._app.StartAsync(TestContext.Current.CancellationToken);
            var meters = server._app.Services.GetRequiredService<IMeterFactory>();
            server._listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "wharf.calls.broken" && instrument.Meter.Scope == meters)
                    listener.EnableMeasurementEvents(instrument);
            };
            server._listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref server._broken, value));
            server._listener.Start();
            return server;
        }

        /// <summary>Makes calls until the deadline of one has passed while its answer was written: a slow machine may pass it earlier.</summary>
        public async Task CallUntilInterruptedAsync()
        {
            string address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            for (int milliseconds = 100; !_isInterrupted; milliseconds *= 2)
            {
                Log.Lines.Clear();
                (_completed, _ended) = (new(TaskCreationOptions.RunContinuationsAsynchronously), new(TaskCreationOptions.RunContinuationsAsynchronously));
                var call = await RawCall.SendAsync(address, Path, [1], RawCall.Http2, null, ("grpc-timeout", $"{milliseconds}m"));
                Assert.Equal("4", call.Status["grpc-status"]);
                // The log is complete when the server has ended the call.
                await _ended.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            }
        }

        public void OnServiceMethodDiscovery(ServiceMethodProviderContext<Service> context) => context.AddUnaryMethod(
            new Method<string, string>(
                MethodType.Unary, "test.Late", "Answer",
                Marshallers.Create<string>(static (_, _) => { }, static context => Convert.ToHexString(context.PayloadAsNewBuffer())),
                Marshallers.Create<string>(Write, static _ => "")),
            [],
            static (_, request, _) => Task.FromResult(request));

        public async ValueTask DisposeAsync()
        {
            _listener.Dispose();
            await _app.DisposeAsync();
        }

        private void Write(string answer, SerializationContext context)
        {
            context.SetPayloadLength(1);
            context.GetBufferWriter().GetSpan(1)[0] = 1;
            Assert.True(_completed.Task.Wait(TimeSpan.FromSeconds(30)));
            _isInterrupted = true;
            if (_throws)
                throw new InvalidOperationException(Refusal);
            context.GetBufferWriter().Advance(1);
            context.Complete();
        }

        internal sealed class Service;

        private sealed class Everyone : ICallerAdmission
        {
            public bool HasToken(HttpContext http) => true;

            public ValueTask<bool> AdmitAsync(HttpContext http, string method, CancellationToken cancellationToken) => ValueTask.FromResult(true);
        }

        private sealed class Observed(IHttpResponseBodyFeature inner, LateServer server) : IHttpResponseBodyFeature
        {
            public Stream Stream => inner.Stream;

            public PipeWriter Writer => inner.Writer;

            public void DisableBuffering() => inner.DisableBuffering();

            public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

            public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => inner.SendFileAsync(path, offset, count, cancellationToken);

            public Task CompleteAsync()
            {
                var completing = inner.CompleteAsync();
                server._completed.TrySetResult();
                return completing;
            }
        }
    }

    private sealed class Refusing : IHttpResponseBodyFeature
    {
        public Stream Stream => Stream.Null;

        public PipeWriter Writer { get; } = new RefusingWriter();

        public void DisableBuffering()
        {
        }

        public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task CompleteAsync() => Task.CompletedTask;
    }

    private sealed class RefusingWriter : PipeWriter
    {
        public override void Advance(int bytes) => throw new InvalidOperationException(Refusal);

        public override Memory<byte> GetMemory(int sizeHint = 0) => new byte[1];

        public override Span<byte> GetSpan(int sizeHint = 0) => new byte[1];

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => default;

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }
    }
}
