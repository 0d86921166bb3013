using Google.Protobuf;
using Grpc.Core;
using Wharf.Protocol.Grpc;
using Wharf.Tables;

namespace Wharf.Bench;

/// <summary>Answers every request with a response of the same size: the description of ten rows with one column.</summary>
internal sealed class RawUpdates : TableService.TableServiceBase
{
    private static readonly ByteString Schema = Described();

    public override Task<ExportedTableCreationResponse> EmptyTable(EmptyTableRequest request, ServerCallContext context) => Answer(request.ResultId);

    public override Task<ExportedTableCreationResponse> Update(SelectOrUpdateRequest request, ServerCallContext context) => Answer(request.ResultId);

    private static Task<ExportedTableCreationResponse> Answer(Protocol.Grpc.Ticket result) => Task.FromResult(
        new ExportedTableCreationResponse { ResultId = new() { Ticket = result }, Success = true, SchemaHeader = Schema, Size = 10, IsStatic = true });

    private static ByteString Described()
    {
        var engine = new TableEngine(TimeProvider.System);
        var empty = engine.Run(new EmptyTable(10), [], default);
        return UnsafeByteOperations.UnsafeWrap(engine.Run(new SelectOrUpdate(SelectKind.Update, ["X = i"]), [empty], default).Describe().Schema);
    }
}

/// <summary>Answers Release without an effect.</summary>
internal sealed class RawSessions : SessionService.SessionServiceBase
{
    public override Task<ReleaseResponse> Release(ReleaseRequest request, ServerCallContext context) => Task.FromResult(new ReleaseResponse());
}
