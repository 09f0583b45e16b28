@echo off
rem Makes, lists and revokes API keys; without arguments it says how.
if defined JAVA_HOME (set "JAVA=%JAVA_HOME%\bin\java") else (set "JAVA=java")
"%JAVA%" -jar "%~dp0history-keys.jar" %*
