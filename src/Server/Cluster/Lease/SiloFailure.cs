using Orleans.Runtime;
using Wharf.Grains.Nodes;

namespace Wharf.Server.Cluster.Lease;

/// <summary>Stops the node in order after a fatal error of the silo, which is raised when it was declared lost. The default handler of Orleans ends the process at once.</summary>
internal sealed partial class SiloFailure(MembershipLease lease, ILogger<SiloFailure> logger) : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => exception is not (OperationCanceledException or ObjectDisposedException);

    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        if (lease.IsLost)
            return;
        LogFailure(exception, context ?? "no reason given");
        lease.Lose();
    }

    [LoggerMessage(EventId = 5134, Level = LogLevel.Error, Message = "The silo failed and cannot continue; the node stops: {Reason}")]
    private partial void LogFailure(Exception? exception, string reason);
}
