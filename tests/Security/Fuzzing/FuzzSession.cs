using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Wharf.Protocol.Grpc;

namespace Wharf.Security.Fuzzing;

/// <summary>A session with the exports that inputs refer to.</summary>
internal sealed class FuzzSession(GrpcChannel channel)
{
    private static readonly string[] Columns = ["A = i", "D = i * 0.5", "S = i == 2 ? null : `x` + i", "T = now()", "B = i % 2 == 0", "V = new int[]{i}"];
    private static readonly string[] Objects = ["echo", "counter", "example_service", "objects"];

    /// <summary>The value of the header <c>authorization</c>.</summary>
    public string Token { get; private set; } = "";

    private Metadata Headers => new() { { "authorization", Token } };

    public static async Task<FuzzSession> OpenAsync(GrpcChannel channel, CancellationToken cancellationToken)
    {
        var session = new FuzzSession(channel);
        await session.RenewAsync(cancellationToken);
        return session;
    }

    /// <summary>Logs in and makes the exports.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        var login = new ConfigService.ConfigServiceClient(channel).GetConfigurationConstantsAsync(
            new ConfigurationConstantsRequest(), new Metadata { { "authorization", FuzzServer.PreSharedKeyHeader } }, cancellationToken: cancellationToken);
        Token = (await login.ResponseHeadersAsync).GetValue("authorization")!;
        await login;
        var tables = new TableService.TableServiceClient(channel);
        for (int id = FuzzTickets.FirstBase; id <= FuzzTickets.LastTable; id++)
        {
            int rows = 5 * (id - 1), empty = 50 + id;
            await tables.EmptyTableAsync(new EmptyTableRequest { ResultId = Export(empty), Size = rows }, Headers, cancellationToken: cancellationToken);
            var update = new SelectOrUpdateRequest { ResultId = Export(id), SourceId = new TableReference { Ticket = Export(empty) }, ColumnSpecs = { Columns } };
            await tables.UpdateAsync(update, Headers, cancellationToken: cancellationToken);
        }

        var sessions = new SessionService.SessionServiceClient(channel);
        for (int n = 0; n < Objects.Length; n++)
        {
            var export = new ExportRequest { SourceId = new Ticket { Ticket_ = ByteString.CopyFromUtf8("s/" + Objects[n]) }, ResultId = Export(FuzzTickets.LastTable + 1 + n) };
            await sessions.ExportFromTicketAsync(export, Headers, cancellationToken: cancellationToken);
        }
    }

    /// <summary>Closes the session, unless an input did.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        try
        {
#pragma warning disable CS0612 // The protocol marks the field of the request as deprecated.
            await new SessionService.SessionServiceClient(channel).CloseSessionAsync(new HandshakeRequest(), Headers, cancellationToken: cancellationToken);
#pragma warning restore CS0612
        }
        catch (RpcException ended) when (ended.StatusCode == StatusCode.Unauthenticated)
        {
        }
    }

    private static Ticket Export(int id) => new() { Ticket_ = ByteString.CopyFrom(FuzzTickets.Export(id)) };
}
