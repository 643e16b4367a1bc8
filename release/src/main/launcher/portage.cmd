@echo off
rem Starts Portage with the Java that comes with it.
rem
rem   PORTAGE_JAVA_HOME   another Java to use, 25 or newer
rem   PORTAGE_JAVA_OPTS   further options for the JVM
rem
rem No block in parentheses expands a path or an argument: a parenthesis in one of them, as in "Program Files (x86)",
rem would end the block.
setlocal DisableDelayedExpansion

rem The folder of this file, not the one that the command is typed in.
for %%i in ("%~dp0..") do set "home=%%~fi"

set "java=%home%\runtime\bin\java.exe"
if defined PORTAGE_JAVA_HOME set "java=%PORTAGE_JAVA_HOME%\bin\java.exe"
if exist "%java%" goto found
echo portage: no Java at "%java%": unpack the archive again, or set PORTAGE_JAVA_HOME to a Java 25 or newer>&2
exit /b 2
:found

rem Commands of another program have their own help.
if not "%~1"=="help" goto main
for %%i in (check worker) do if "%~2"=="%%i" goto help
goto main
:help
call "%~f0" %2 --help
exit /b %ERRORLEVEL%

:main
set "main=dev.portage.command.PortageCommand"
set "options=command"
if "%~1"=="worker" set "main=dev.portage.worker.WorkerCommand"
if "%~1"=="worker" set "options=worker"
if "%~1"=="check" set "main=dev.portage.worker.CheckCommand"
if "%~1"=="check" set "options=worker"

rem Once, where it can be kept: the classes that commands load, so that later starts take a third of the time. A pipeline's
rem agent starts once and is thrown away. Without the cache everything works.
set "cache=%home%\lib\portage.aot"
if exist "%cache%" goto prepared
if not "%options%"=="command" goto prepared
if defined TF_BUILD goto prepared
if defined CI goto prepared
rem In a folder of its own: where nothing can be written there is none, and of several commands that start at once each makes
rem one, and one stays.
set "work=%cache%.%RANDOM%"
mkdir "%work%" 2>nul
if not exist "%work%" goto prepared
echo portage: preparing fast starts; this takes some seconds, once>&2
"%java%" "@%home%\lib\command.options" "-XX:AOTCacheOutput=%work%\portage.aot" -Xlog:disable -cp "%home%\lib\*" dev.portage.command.Warmup "%work%\work" >nul 2>&1
rem An empty file otherwise: it is not tried again at every start.
if not exist "%work%\portage.aot" type nul >"%work%\portage.aot"
if not exist "%cache%" move /y "%work%\portage.aot" "%cache%" >nul 2>&1
rmdir /s /q "%work%"
:prepared

rem The arguments as they were typed: %* keeps their quotes.
if not exist "%cache%" goto plain
for %%i in ("%cache%") do if "%%~zi"=="0" goto plain
"%java%" "@%home%\lib\%options%.options" "-XX:AOTCache=%cache%" -Xlog:disable %PORTAGE_JAVA_OPTS% -cp "%home%\lib\*" %main% %*
exit /b %ERRORLEVEL%
:plain
"%java%" "@%home%\lib\%options%.options" %PORTAGE_JAVA_OPTS% -cp "%home%\lib\*" %main% %*
exit /b %ERRORLEVEL%
