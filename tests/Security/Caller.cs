using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;
using Wharf.Protocol.Grpc.Console;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Security;

/// <summary>A session whose calls are made as the protocol has them, without the checks of a client.</summary>
internal sealed class Caller : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly string _authorization;
    private int _lastExport;

    private Caller(GrpcChannel channel, string authorization)
    {
        (_channel, _authorization) = (channel, authorization);
        Sessions = new(channel);
        Consoles = new(channel);
        Tables = new(channel);
        Fields = new(channel);
    }

    public SessionService.SessionServiceClient Sessions { get; }

    public ConsoleService.ConsoleServiceClient Consoles { get; }

    public TableService.TableServiceClient Tables { get; }

    public ApplicationService.ApplicationServiceClient Fields { get; }

    public Metadata Headers => new() { { "authorization", _authorization } };

    /// <summary>Logs in by a header, such as <c>Anonymous</c>.</summary>
    public static async Task<Caller> LoginAsync(GuardedServer server, string authorization)
    {
        var channel = server.OpenChannel();
        using var call = new ConfigService.ConfigServiceClient(channel).GetConfigurationConstantsAsync(new(), new Metadata { { "authorization", authorization } });
        await call;
        return new Caller(channel, (await call.ResponseHeadersAsync).GetValue("authorization")!);
    }

    public static Task<Caller> AnonymousAsync(GuardedServer server) => LoginAsync(server, LoginSchemes.Anonymous);

    public static Task<Caller> WithKeyAsync(GuardedServer server) => LoginAsync(server, $"{LoginSchemes.PreSharedKey} {GuardedServer.Key}");

    public static Wharf.Protocol.Grpc.Ticket Export(int id) => new() { Ticket_ = ByteString.CopyFrom(new ExportTicket(id).ToBytes()) };

    public static Wharf.Protocol.Grpc.Ticket Scope(string name) => new() { Ticket_ = ByteString.CopyFromUtf8("s/" + name) };

    /// <summary>Makes a table and returns its export.</summary>
    public async Task<int> TableAsync(int rows = 1)
    {
        var id = Interlocked.Increment(ref _lastExport);
        await Tables.EmptyTableAsync(new EmptyTableRequest { ResultId = Export(id), Size = rows }, Headers);
        return id;
    }

    public async Task BindAsync(string name, int export) =>
        await Consoles.BindTableToVariableAsync(new BindTableToVariableRequest { TableId = Export(export), VariableName = name }, Headers);

    public async Task PublishAsync(Wharf.Protocol.Grpc.Ticket target, int export) =>
        await Sessions.PublishFromTicketAsync(new PublishRequest { SourceId = Export(export), ResultId = target }, Headers);

    /// <summary>Reads the number of rows of the table in a variable.</summary>
    public async Task<long> SizeAsync(string name) => (await Tables.FetchTableAsync(
        new FetchTableRequest { SourceId = new TableReference { Ticket = Scope(name) }, ResultId = Export(Interlocked.Increment(ref _lastExport)) }, Headers)).Size;

    /// <summary>The names of the listed variables, with the types of their objects.</summary>
    public async Task<Dictionary<string, string>> ListAsync()
    {
        using var list = Fields.ListFields(new ListFieldsRequest(), Headers);
        Assert.True(await list.ResponseStream.MoveNext(GuardedServer.Cancelled));
        return list.ResponseStream.Current.Created.ToDictionary(static field => field.FieldName, static field => field.TypedTicket.Type);
    }

    public async Task CloseAsync() => await Sessions.CloseSessionAsync(new HandshakeRequest(), Headers);

    public void Dispose() => _channel.Dispose();

    /// <summary>Expects a refusal.</summary>
    /// <returns>Its text.</returns>
    public static async Task<string> RefusedAsync(StatusCode status, Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal((status, refused.Status.Detail), (refused.StatusCode, refused.Status.Detail));
        return refused.Status.Detail;
    }
}
