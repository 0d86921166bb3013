using System.Diagnostics;
using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Runtime.Loader;
using Microsoft.Extensions.Logging;

namespace Wharf.Plugins.Hosting;

/// <summary>
/// Logs the exceptions that plugin code throws outside of every turn, from an <c>async void</c> method or on its own thread, instead of ending the process. The process has one
/// handler of unhandled exceptions, so this class is static. An exception without a frame of a plugin still ends the process.
/// </summary>
internal static partial class UnhandledPluginExceptions
{
    private static readonly Lock Gate = new();
    private static bool s_installed;
    private static ILogger? s_logger;

    /// <summary>Installs the handler once per process. The logger of the latest server receives the exceptions.</summary>
    public static void Install(ILogger logger)
    {
        lock (Gate)
        {
            s_logger = logger;
            if (s_installed)
                return;
            s_installed = true;
            try
            {
                ExceptionHandling.SetUnhandledExceptionHandler(TryHandle);
            }
            catch (InvalidOperationException taken)
            {
                LogTaken(logger, taken);
            }
        }
    }

    private static bool TryHandle(Exception exception)
    {
        foreach (StackFrame frame in new StackTrace(exception).GetFrames())
        {
            if (frame.GetMethod() is MethodBase method && AssemblyLoadContext.GetLoadContext(method.Module.Assembly) is PluginLoadContext plugin)
            {
                Write(exception, plugin.Name ?? "");
                return true;
            }
        }

        return false;
    }

    private static void Write(Exception exception, string plugin)
    {
        try
        {
            LogCaught(s_logger!, ExceptionText.ForLog(exception), plugin);
        }
        catch (Exception)
        {
            // An exception in this handler would end the process.
        }
    }

    [LoggerMessage(EventId = 3050, Level = LogLevel.Critical, Message = "Plugin {Plugin} threw an unhandled exception outside of a call; the state of its objects may be inconsistent")]
    private static partial void LogCaught(ILogger logger, Exception exception, string plugin);

    [LoggerMessage(EventId = 3051, Level = LogLevel.Warning, Message = "Unhandled plugin exceptions will terminate the process: an unhandled-exception handler is already registered")]
    private static partial void LogTaken(ILogger logger, Exception exception);
}
