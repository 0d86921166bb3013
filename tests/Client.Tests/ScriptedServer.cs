using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;
using Wharf.Protocol.Grpc.Flight;
using Status = Grpc.Core.Status;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Client.Tests;

/// <summary>
/// A server within the test's process that answers as the protocol says, remembers what it was asked, and hands out a new token with every answer.
/// It knows nothing of Wharf's server.
/// </summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _tokens;

    private ScriptedServer(WebApplication app) => _app = app;

    /// <summary>What every call carried, in the order of arrival: the call's name and its authorization.</summary>
    public Channel<(string Call, string? Authorization)> Calls { get; } = Channel.CreateUnbounded<(string, string?)>();

    /// <summary>Requests to the session and table services.</summary>
    public ConcurrentQueue<IMessage> Requests { get; } = [];

    /// <summary>What DoPut stored, by export id.</summary>
    public ConcurrentDictionary<string, List<FlightData>> Tables { get; } = [];

    /// <summary>Completed when a message stream has seen its client go.</summary>
    public TaskCompletionSource StreamCancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What objects answer in the place of an echo, message by message, as long as there is some left.</summary>
    public ConcurrentQueue<(string Payload, TypedTicket[] References)> Replies { get; } = [];

    /// <summary>If there is one, each message of an upload or download waits for it.</summary>
    public SemaphoreSlim? Gate { get; set; }

    public bool GivesTokens { get; set; } = true;

    public StatusCode Refuses { get; set; } = StatusCode.OK;

    /// <summary>Whether calls other than a login get no answer until their caller gives up.</summary>
    public bool IsSilent { get; set; }

    public string? Duration { get; set; } = "300000";

    public string LastToken => $"Bearer token-{_tokens}";

    public static async Task<ScriptedServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc(options => options.MaxReceiveMessageSize = null);
        ScriptedServer? server = null;
        builder.Services.AddSingleton(_ => server!);
        var app = builder.Build();
        server = new(app);
        app.Use(async (context, next) =>
        {
            var name = context.Request.Path.Value!.Split('/')[^1];
            var authorization = context.Request.Headers.Authorization.FirstOrDefault();
            if (server.GivesTokens && server.Refuses == StatusCode.OK && name != "CloseSession")
                context.Response.Headers.Authorization = $"Bearer token-{Interlocked.Increment(ref server._tokens)}";
            await server.Calls.Writer.WriteAsync((name, authorization));
            if (server.IsSilent && name != "GetConfigurationConstants")
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            await next(context);
        });
        app.MapGrpcService<Config>();
        app.MapGrpcService<Sessions>();
        app.MapGrpcService<Objects>();
        app.MapGrpcService<Applications>();
        app.MapGrpcService<TableCalls>();
        app.MapGrpcService<Flights>();
        await app.StartAsync();
        return server;
    }

    public Task<Session> ConnectAsync(Credentials? credentials = null, TimeProvider? time = null) => ConnectAsync(credentials ?? Credentials.Anonymous, new SessionOptions
    {
        HttpHandler = Transport(),
        TimeProvider = time ?? TimeProvider.System,
        ConnectTimeout = Timeout.InfiniteTimeSpan, // the first timer of a fake clock is that of the renewal
    });

    public static Task<Session> ConnectAsync(Credentials credentials, SessionOptions options) => Session.ConnectAsync(new("http://localhost"), credentials, options);

    public HttpMessageHandler Transport() => _app.GetTestServer().CreateHandler();

    public async Task<List<(string Call, string? Authorization)>> TakeCallsAsync(int count)
    {
        List<(string, string?)> taken = [];
        while (taken.Count < count)
            taken.Add(await Calls.Reader.ReadAsync(TestContext.Current.CancellationToken));
        return taken;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private Task PassGateAsync(ServerCallContext context) => Gate?.WaitAsync(context.CancellationToken) ?? Task.CompletedTask;

    private void Answer(IMessage request)
    {
        Requests.Enqueue(request);
        if (Refuses != StatusCode.OK)
            throw new RpcException(new Status(Refuses, "refused"));
    }

    public sealed class Config(ScriptedServer server) : ConfigService.ConfigServiceBase
    {
        public override Task<ConfigurationConstantsResponse> GetConfigurationConstants(ConfigurationConstantsRequest request, ServerCallContext context)
        {
            server.Answer(request);
            var response = new ConfigurationConstantsResponse();
            if (server.Duration is { } duration)
                response.ConfigValues[WireNames.SessionDurationMilliseconds] = new() { StringValue = duration };
            return Task.FromResult(response);
        }
    }

    public sealed class Sessions(ScriptedServer server) : SessionService.SessionServiceBase
    {
        public override Task<CloseSessionResponse> CloseSession(Protocol.Grpc.HandshakeRequest request, ServerCallContext context)
        {
            server.Answer(request);
            return Task.FromResult(new CloseSessionResponse());
        }

        public override Task<ReleaseResponse> Release(ReleaseRequest request, ServerCallContext context)
        {
            server.Answer(request);
            return Task.FromResult(new ReleaseResponse());
        }

        public override Task<ExportResponse> ExportFromTicket(ExportRequest request, ServerCallContext context)
        {
            server.Answer(request);
            return Task.FromResult(new ExportResponse());
        }

        public override Task<PublishResponse> PublishFromTicket(PublishRequest request, ServerCallContext context)
        {
            server.Answer(request);
            return Task.FromResult(new PublishResponse());
        }
    }

    public sealed class Applications(ScriptedServer server) : ApplicationService.ApplicationServiceBase
    {
        public override async Task ListFields(ListFieldsRequest request, IServerStreamWriter<FieldsChangeUpdate> responseStream, ServerCallContext context)
        {
            server.Answer(request);
            var field = new FieldInfo
            {
                TypedTicket = new() { Ticket = Wire(new ScopeTicket("echo")), Type = "Echo" },
                FieldName = "echo",
                FieldDescription = WireNames.ScopeFieldDescription,
                ApplicationId = WireNames.ScopeApplicationId,
            };
            await responseStream.WriteAsync(new() { Created = { field } });
            await responseStream.WriteAsync(new() { Removed = { field } });
            await Task.Delay(Timeout.Infinite, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Echoes; the payloads "fail" and "close" end the stream with an error, "status N" with that one, "end" ends it, and "lose" breaks the connection.</summary>
    public sealed class Objects(ScriptedServer server) : ObjectService.ObjectServiceBase
    {
        [Obsolete("as in the protocol")]
        public override Task<FetchObjectResponse> FetchObject(FetchObjectRequest request, ServerCallContext context)
        {
            server.Answer(request);
            var response = new FetchObjectResponse { Type = request.SourceId.Type, Data = ByteString.CopyFromUtf8("whole") };
            response.TypedExportIds.Add(new Protocol.Grpc.TypedTicket { Ticket = Wire(new ExportTicket(-7)), Type = "Table" });
            return Task.FromResult(response);
        }

        public override async Task MessageStream(IAsyncStreamReader<StreamRequest> requestStream, IServerStreamWriter<StreamResponse> responseStream, ServerCallContext context)
        {
            try
            {
                while (await requestStream.MoveNext(context.CancellationToken))
                {
                    server.Requests.Enqueue(requestStream.Current);
                    var data = requestStream.Current.Data ?? new();
                    if (data.Payload.ToStringUtf8() == "fail")
                        throw new RpcException(new Status(StatusCode.InvalidArgument, "as asked"));
                    if (data.Payload.ToStringUtf8().Split(' ') is ["status", var number])
                        throw new RpcException(new Status((StatusCode)int.Parse(number, CultureInfo.InvariantCulture), "as asked"));
                    if (data.Payload.ToStringUtf8() == "lose")
                        context.GetHttpContext().Abort();
                    if (data.Payload.ToStringUtf8() == "close")
                        throw new RpcException(new Status(StatusCode.Cancelled, StatusTexts.SessionClosed));
                    if (data.Payload.ToStringUtf8() == "end")
                        return;
                    var echo = (Payload: data.Payload, References: data.References.Select((reference, index) => new TypedTicket(new ExportTicket(-1 - index), reference.Type)));
                    var (payload, references) = requestStream.Current.Data is not null && server.Replies.TryDequeue(out var reply)
                        ? (ByteString.CopyFromUtf8(reply.Payload), reply.References)
                        : echo;
                    var answer = new ServerData { Payload = payload };
                    answer.ExportedReferences.AddRange(references.Select(ticket => new Protocol.Grpc.TypedTicket { Ticket = Wire(ticket.Ticket), Type = ticket.Type }));
                    await responseStream.WriteAsync(new() { Data = answer });
                }
            }
            catch (Exception gone) when (gone is OperationCanceledException or IOException)
            {
                server.StreamCancelled.TrySetResult();
                throw;
            }
        }
    }

    public sealed class TableCalls(ScriptedServer server) : TableService.TableServiceBase
    {
        public override Task<ExportedTableCreationResponse> EmptyTable(EmptyTableRequest request, ServerCallContext context) => Make(request, request.ResultId, request.Size);

        public override Task<ExportedTableCreationResponse> FetchTable(FetchTableRequest request, ServerCallContext context) => Make(request, request.ResultId);

        public override Task<ExportedTableCreationResponse> Update(SelectOrUpdateRequest request, ServerCallContext context) => Make(request, request.ResultId);

        public override Task<ExportedTableCreationResponse> LazyUpdate(SelectOrUpdateRequest request, ServerCallContext context) => Make(request, request.ResultId);

        public override Task<ExportedTableCreationResponse> View(SelectOrUpdateRequest request, ServerCallContext context) => Make(request, request.ResultId);

        public override Task<ExportedTableCreationResponse> UpdateView(SelectOrUpdateRequest request, ServerCallContext context) => Make(request, request.ResultId);

        public override Task<ExportedTableCreationResponse> Select(SelectOrUpdateRequest request, ServerCallContext context) => Make(request, request.ResultId);

        public override Task<ExportedTableCreationResponse> SelectDistinct(SelectDistinctRequest request, ServerCallContext context) => Make(request, request.ResultId);

        public override Task<ExportedTableCreationResponse> UnstructuredFilter(UnstructuredFilterTableRequest request, ServerCallContext context) => Make(request, request.ResultId);

        public override Task<ExportedTableCreationResponse> Filter(FilterTableRequest request, ServerCallContext context) => Make(request, request.ResultId);

        public override Task<ExportedTableCreationResponse> GetExportedTableCreationResponse(Protocol.Grpc.Ticket request, ServerCallContext context) => Make(request, request);

        // The schema that was uploaded under the id, or one without columns.
        private Task<ExportedTableCreationResponse> Make(IMessage request, Protocol.Grpc.Ticket result, long size = 0)
        {
            server.Answer(request);
            var id = string.Join('/', Protocol.Ticket.Parse(result.Ticket_.Span).ToPath()!);
            var header = server.Tables.TryGetValue(id, out var messages) ? messages[0].DataHeader : FlightFixture.EmptySchemaMessage;
            return Task.FromResult(new ExportedTableCreationResponse
            {
                ResultId = new() { Ticket = result },
                Success = true,
                IsStatic = true,
                Size = size,
                SchemaHeader = FlightFixture.Encapsulate(header),
            });
        }
    }

    /// <summary>Gives back what was put. An upload whose schema has a column "refused" is refused.</summary>
    public sealed class Flights(ScriptedServer server) : FlightService.FlightServiceBase
    {
        public override async Task DoPut(IAsyncStreamReader<FlightData> requestStream, IServerStreamWriter<PutResult> responseStream, ServerCallContext context)
        {
            List<FlightData> messages = [];
            while (true)
            {
                await server.PassGateAsync(context);
                if (!await requestStream.MoveNext(context.CancellationToken))
                    break;
                messages.Add(requestStream.Current);
                if (messages[0].DataHeader.Span.IndexOf("refused"u8) >= 0)
                    throw new RpcException(new Status(StatusCode.InvalidArgument, "as asked"));
                if (messages.Count > 1)
                    await responseStream.WriteAsync(new());
            }
            server.Tables[string.Join('/', messages[0].FlightDescriptor.Path)] = messages;
        }

        public override async Task DoGet(Protocol.Grpc.Flight.Ticket request, IServerStreamWriter<FlightData> responseStream, ServerCallContext context)
        {
            foreach (var message in server.Tables[string.Join('/', Protocol.Ticket.Parse(request.Ticket_.Span).ToPath()!)])
            {
                await server.PassGateAsync(context);
                await responseStream.WriteAsync(new() { DataHeader = message.DataHeader, DataBody = message.DataBody });
            }
        }
    }

    private static Protocol.Grpc.Ticket Wire(Protocol.Ticket ticket) => new() { Ticket_ = ByteString.CopyFrom(ticket.ToBytes()) };
}
