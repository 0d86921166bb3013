using Wharf.Grains.Objects;
using Wharf.Grains.Tables;

namespace Wharf.Grains.References;

/// <summary>The services of a node for the references of plugin code.</summary>
internal interface IReferenceServices
{
    /// <summary>Returns the grains of the cluster.</summary>
    IGrainFactory Grains { get; }

    /// <summary>Holds objects of any node.</summary>
    ObjectHolds Holds { get; }

    /// <summary>The tables of this node.</summary>
    TableStore Tables { get; }

    /// <summary>Runs table operations.</summary>
    TableWorker TableOperations { get; }

    /// <summary>The clock.</summary>
    TimeProvider Time { get; }

    /// <summary>The maximum time of a wait for a reply of another object.</summary>
    TimeSpan ReplyTimeLimit { get; }

    /// <summary>Holds the object of an instance; see <see cref="LiveObjects.HoldInstance"/>.</summary>
    ObjectHold HoldInstance(object instance);

    /// <summary>Logs that a stream to another object was lost.</summary>
    void LogConnectionLost(Exception exception, string streamId);
}
