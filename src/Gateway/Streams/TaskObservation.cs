namespace Wharf.Gateway.Streams;

/// <summary>Observes the failures of tasks that are no longer awaited.</summary>
internal static class TaskObservation
{
    /// <summary>Observes the exception of a task, so that it does not become an unobserved one.</summary>
    public static void Observe(this Task task) => _ = task.ContinueWith(
        static faulted => _ = faulted.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
