namespace Wharf.Grains.Objects;

/// <summary>The failures of calls to objects, tables and streams that do not exist any more.</summary>
internal static class ObjectFaults
{
    public static FaultException Gone(string objectId) =>
        new(FaultCode.DataLoss, $"the object {objectId} is gone: its last holder released it, or its node was lost");

    public static FaultException OtherEpoch(string objectId, long asked, long actual) =>
        new(FaultCode.Unavailable, $"the object {objectId} is in epoch {actual}, the message was for epoch {asked}");

    public static FaultException StreamGone(string streamId) =>
        new(FaultCode.DataLoss, $"the stream {streamId} is not open here: it has ended, or its node was lost");

    public static FaultException Stopping() => new(FaultCode.Unavailable, "the node is shutting down");
}
