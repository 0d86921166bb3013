using Orleans.Runtime;
using Wharf.Grains.Fields;
using Wharf.Grains.Nodes;
using Wharf.Grains.Objects;
using Wharf.Grains.Sessions;
using Wharf.Grains.Sharing;
using Wharf.Grains.Streams;
using Wharf.Grains.Tables;

namespace Wharf.Grains.Tests.RecordedBytes;

/// <summary>One value of every type that crosses nodes, no member of it at its default.</summary>
internal static class Samples
{
    private static readonly ObjectReference Object = new("S127.0.0.1:11111:1!2!3", ObjectKind.PluginObject, "Echo", 2);
    private static readonly ObjectReference Table = new("S127.0.0.1:11111:1!2!4", ObjectKind.Table, ObjectReference.TableType, 2);
    private static readonly Fault Failure = new(FaultCode.NotFound, "no such thing", "error-1");
    private static readonly CallerIdentity Caller = new("user", "session-1", "Anonymous");
    private static readonly ReadOnlyMemory<byte> Bytes = new byte[] { 1, 2, 255 };
    private static readonly TableSummary Summary = new(Bytes, 7, true);

    // Session came later: what was written before is read without it.
    private static readonly WorkOutcome Outcome = new(5, true, [Table], Summary, Failure);
    private static readonly FieldDescription Field = new("app/a/field/f", "a", "App", "f", "a field", Object);
    private static readonly StreamPart Part = new(Bytes, [Object, ObjectReference.Null], true);
    private static readonly TableWork Work = new(3, ["export/1", "batch/0"], new PortableOperation(Bytes));

    public static IReadOnlyList<object> All { get; } =
    [
        FaultCode.DataLoss, ObjectKind.Handle, SessionEndReason.Unknown, StreamEndReason.Shutdown,
        Failure, new FaultException(Failure), Object, new ObjectDescription(Object, "activation-1", new[] { "export/session-1/1" }, 2),
        new SessionLogin(Caller, "127.0.0.1", TimeSpan.FromMinutes(5)), new SessionStatus(Caller, 1_000, 301_000), Caller,
        new ReferenceWork(2, "shared/ab"), Work, new AdoptWork(4, Table, "call/1"), new FailWork(5, Failure), new BindWork("export/1", "scope/t", true),
        new BatchWork([Work]), new BatchOutcomes([new BatchItem(1, Outcome, true)], true), new BatchItem(1, Outcome, true), Outcome, Summary,
        new ResolveRequest(["export/1"], "call/1", TimeSpan.FromMinutes(1)), new SharedFetch(1, "ab", "wait/session-1/2"), new SharedTarget("session-1", 1),
        new NotificationBatch([new ExportNotice(1, 12, "error-1", "2")], true), new ExportNotice(1, 12, "error-1", "2"),
        new TableUpdateBatch([new TableUpdate(1, 7, "gone")], true), new TableUpdate(1, 7, "gone"),
        new BrowserMessage(3, Bytes, true), new FieldList(9, [Field]), Field,
        new FieldPosition("directory-1", 9, 2), new FieldUpdates(new FieldPosition("directory-1", 9, 2), true, [Field], ["scope/gone"], true),
        new FieldConfiguration("app/a/field/f", "App", "a field", "Echo", new Dictionary<string, string?> { ["Size"] = "7", ["Empty"] = null }),
        new FieldClaim("Basic:ann", "session-1", true),
        new StreamConnect("stream-1", "Echo", 2, Caller), Part, new StreamBatch("stream-1", 2, 8, [Part], true, 6),
        new StreamPull("stream-1", 2, 6), new StreamOutput(6, [Part], 9, true, new StreamEnd(StreamEndReason.Failed, Failure)), new StreamEnd(StreamEndReason.Failed, Failure),
        new TableOperationRequest("session-1/2", new PortableOperation(Bytes), [Table], "export/session-1/3"), new TableOperationOutcome(true, Table, Summary, Failure),
        new ObjectTypeDescription("Echo", ["echo.Echo"], "Echo", "0.1.0", true, true, true),
        new TableHold("S127.0.0.1:11111:1!2!4", "export/session-1/3"),
        new NodeList(3, [SiloAddress.FromParsableString("127.0.0.1:11111@1")], [SiloAddress.FromParsableString("127.0.0.1:11112@2")]),
    ];
}
